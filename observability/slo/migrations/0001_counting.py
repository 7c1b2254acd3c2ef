
import django.contrib.postgres.fields
import django.db.models.deletion
import tenancy.fields
import tenancy.ids
import tenancy.wall
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tenancy', '0006_operators'),
    ]

    operations = [
        migrations.CreateModel(
            name='Override',
            fields=[
                ('id', models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('reason', models.TextField()),
                ('ends_at', models.DateTimeField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('created_by', tenancy.fields.TenantForeignKey(at_delete='SET NULL', null=True, related_name='+', to='tenancy.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Approval',
            fields=[
                ('id', models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('created_by', tenancy.fields.TenantForeignKey(at_delete='SET NULL', null=True, related_name='+', to='tenancy.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.tenant')),
                ('override', tenancy.fields.TenantForeignKey(related_name='approvals', to='slo.override')),
            ],
        ),
        migrations.CreateModel(
            name='RouteMinute',
            fields=[
                ('id', models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('route', models.CharField(max_length=255)),
                ('method', models.CharField(max_length=8)),
                ('minute', models.DateTimeField()),
                ('failed', models.BigIntegerField()),
                ('sum_ms', models.FloatField()),
                ('hist', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='SliDay',
            fields=[
                ('id', models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('sli', models.CharField(max_length=64)),
                ('day', models.DateField()),
                ('good', models.BigIntegerField()),
                ('valid', models.BigIntegerField()),
                ('planned_good', models.BigIntegerField()),
                ('planned_valid', models.BigIntegerField()),
                ('sum_ms', models.FloatField()),
                ('hist', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), null=True, size=None)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='SliMinute',
            fields=[
                ('id', models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('sli', models.CharField(max_length=64)),
                ('minute', models.DateTimeField()),
                ('good', models.BigIntegerField()),
                ('valid', models.BigIntegerField()),
                ('synthetic', models.BigIntegerField()),
                ('sum_ms', models.FloatField()),
                ('hist', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), null=True, size=None)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('objective', models.CharField(max_length=64)),
                ('rule', models.CharField(max_length=16)),
                ('severity', models.CharField(max_length=8)),
                ('burn_long', models.FloatField(null=True)),
                ('burn_short', models.FloatField(null=True)),
                ('fired_at', models.DateTimeField()),
                ('resolved_at', models.DateTimeField(null=True)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.tenant')),
            ],
            options={
                'indexes': [models.Index(fields=['tenant', 'fired_at'], name='slo_alert_latest')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('resolved_at', None)), fields=('tenant', 'objective', 'rule'), name='slo_alert_one_open'), tenancy.wall.Wall(column='tenant_id', name='slo_alert_wall', privileges='SELECT, INSERT, UPDATE, DELETE'), tenancy.wall.Log(board='', hidden=(), name='slo_alert_log', resource='alert', subject='id')],
            },
        ),
        migrations.CreateModel(
            name='AlertState',
            fields=[
                ('id', models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('objective', models.CharField(max_length=64)),
                ('rule', models.CharField(max_length=16)),
                ('severity', models.CharField(max_length=8)),
                ('state', models.CharField(choices=[('quiet', 'Quiet'), ('firing', 'Firing'), ('no_data', 'Insufficient data')], max_length=8)),
                ('since', models.DateTimeField()),
                ('burn_long', models.FloatField(null=True)),
                ('burn_short', models.FloatField(null=True)),
                ('bad_long', models.FloatField(default=0)),
                ('evaluated_at', models.DateTimeField()),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'objective', 'rule'), name='slo_alertstate_once'), tenancy.wall.Wall(column='tenant_id', name='slo_alertstate_wall', privileges='SELECT, INSERT, UPDATE, DELETE'), tenancy.wall.Log(board='', hidden=('burn_long', 'burn_short', 'bad_long', 'evaluated_at'), name='slo_alertstate_log', resource='alert_state', subject='id')],
            },
        ),
        migrations.CreateModel(
            name='BudgetReview',
            fields=[
                ('id', models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('objective', models.CharField(max_length=64)),
                ('ticket_id', models.UUIDField()),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('recovered_at', models.DateTimeField(null=True)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('recovered_at', None)), fields=('tenant', 'objective'), name='slo_budgetreview_one_open'), tenancy.wall.Wall(column='tenant_id', name='slo_budgetreview_wall', privileges='SELECT, INSERT, UPDATE, DELETE'), tenancy.wall.Log(board='', hidden=(), name='slo_budgetreview_log', resource='budgetreview', subject='id')],
            },
        ),
        migrations.CreateModel(
            name='MaintenanceWindow',
            fields=[
                ('id', models.UUIDField(default=tenancy.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('what', models.CharField(max_length=200)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('announced_at', models.DateTimeField(auto_now_add=True)),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('reclassified_at', models.DateTimeField(null=True)),
                ('reclassification_reason', models.TextField(blank=True)),
                ('created_by', tenancy.fields.TenantForeignKey(at_delete='SET NULL', null=True, related_name='+', to='tenancy.membership')),
                ('reclassified_by', tenancy.fields.TenantForeignKey(at_delete='SET NULL', null=True, related_name='+', to='tenancy.membership')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='tenancy.tenant')),
            ],
            options={
                'indexes': [models.Index(fields=['tenant', 'starts_at'], name='slo_maintenancewindow_latest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='slo_maintenancewindow_not_empty'), tenancy.wall.Wall(column='tenant_id', name='slo_maintenancewindow_wall', privileges='SELECT, INSERT, UPDATE, DELETE'), tenancy.wall.Log(board='', hidden=(), name='slo_maintenancewindow_log', resource='maintenancewindow', subject='id'), tenancy.wall.Tie(field='created_by', name='slo_maintenancewindow_created_by_tie'), tenancy.wall.Tie(field='reclassified_by', name='slo_maintenancewindow_reclassified_by_tie')],
            },
        ),
        migrations.AddIndex(
            model_name='override',
            index=models.Index(fields=['tenant', 'ends_at'], name='slo_override_latest'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=tenancy.wall.Wall(column='tenant_id', name='slo_override_wall', privileges='SELECT, INSERT, UPDATE, DELETE'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=tenancy.wall.Log(board='', hidden=(), name='slo_override_log', resource='override', subject='id'),
        ),
        migrations.AddConstraint(
            model_name='override',
            constraint=tenancy.wall.Tie(field='created_by', name='slo_override_created_by_tie'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=models.UniqueConstraint(fields=('tenant', 'override'), name='slo_approval_once'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=tenancy.wall.Wall(column='tenant_id', name='slo_approval_wall', privileges='SELECT, INSERT, UPDATE, DELETE'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=tenancy.wall.Log(board='', hidden=(), name='slo_approval_log', resource='approval', subject='id'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=tenancy.wall.Tie(field='override', name='slo_approval_override_tie'),
        ),
        migrations.AddConstraint(
            model_name='approval',
            constraint=tenancy.wall.Tie(field='created_by', name='slo_approval_created_by_tie'),
        ),
        migrations.AddConstraint(
            model_name='routeminute',
            constraint=models.UniqueConstraint(fields=('tenant', 'minute', 'route', 'method'), name='slo_routeminute_once'),
        ),
        migrations.AddConstraint(
            model_name='routeminute',
            constraint=tenancy.wall.Wall(column='tenant_id', name='slo_routeminute_wall', privileges='SELECT, DELETE'),
        ),
        migrations.AddConstraint(
            model_name='sliday',
            constraint=models.UniqueConstraint(fields=('tenant', 'sli', 'day'), name='slo_sliday_once'),
        ),
        migrations.AddConstraint(
            model_name='sliday',
            constraint=tenancy.wall.Wall(column='tenant_id', name='slo_sliday_wall', privileges='SELECT, DELETE'),
        ),
        migrations.AddIndex(
            model_name='sliminute',
            index=models.Index(fields=['minute'], name='slo_sliminute_age'),
        ),
        migrations.AddConstraint(
            model_name='sliminute',
            constraint=models.UniqueConstraint(fields=('tenant', 'sli', 'minute'), name='slo_sliminute_once'),
        ),
        migrations.AddConstraint(
            model_name='sliminute',
            constraint=tenancy.wall.Wall(column='tenant_id', name='slo_sliminute_wall', privileges='SELECT, DELETE'),
        ),
    ]
