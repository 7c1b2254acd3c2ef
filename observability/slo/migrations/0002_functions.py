from django.db import migrations

from tenancy.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [("slo", "0001_counting"), ("tenancy", "0006_operators")]
    operations = [sql_file(__file__, "counting.sql")]
