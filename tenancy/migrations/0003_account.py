from django.db import migrations

from tenancy.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0002_identify")]
    operations = [sql_file(__file__, "account.sql")]
