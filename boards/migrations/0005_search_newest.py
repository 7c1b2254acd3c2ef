from django.db import migrations

from tenancy.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [("boards", "0004_imports_waiting")]
    operations = [sql_file(__file__, "search_newest.sql")]
