import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('slo', '0004_agreements'),
        ('tenancy', '0006_operators'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='sliminute',
            name='slo_sliminute_age',
        ),
        migrations.AddIndex(
            model_name='sliminute',
            index=django.contrib.postgres.indexes.BrinIndex(fields=['minute'], name='slo_sliminute_age', pages_per_range=16),
        ),
    ]
