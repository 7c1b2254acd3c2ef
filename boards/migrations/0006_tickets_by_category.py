from django.db import migrations

from tenancy.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [("boards", "0005_search_newest")]
    operations = [sql_file(__file__, "tickets_by_category.sql")]
