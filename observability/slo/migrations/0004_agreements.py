from django.db import migrations

from tenancy.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [("slo", "0003_people")]
    operations = [sql_file(__file__, "agreements.sql")]
