from django.db import migrations

from tenancy.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [("boards", "0003_importing")]
    operations = [sql_file(__file__, "importing.sql")]
