from django.db import migrations

from tenancy.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0005_token_elsewhere")]
    operations = [sql_file(__file__, "operators.sql")]
