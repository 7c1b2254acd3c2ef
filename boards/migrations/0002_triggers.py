from django.db import migrations

from tenancy.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [("boards", "0001_initial"), ("audit", "0001_initial")]
    operations = [sql_file(__file__, "ticket.sql"), sql_file(__file__, "search.sql")]
