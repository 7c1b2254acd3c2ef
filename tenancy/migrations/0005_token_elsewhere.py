from django.db import migrations

from tenancy.sql import sql_file


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0004_invitation_claims")]
    operations = [sql_file(__file__, "token_elsewhere.sql")]
