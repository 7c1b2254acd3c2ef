"""What the worker does by the clock (tika/pollers.py)."""

from datetime import timedelta

from django.db import connection

from observability.slo.models import RouteMinute, SliDay, SliMinute
from observability.slo.queries.sums import database_now
from tenancy.rounds import each_tenant

MINUTES_KEPT, DAYS_KEPT = timedelta(days=35), timedelta(days=400)


def roll_up() -> int:
    """Days from their minutes, of all tenants; returns how many rows were written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT slo_roll_up()")
        return int(cursor.fetchone()[0])


def forget_old_counts() -> None:
    """After the roll-up, in batches of a tenant each."""
    now = database_now()
    for tenant_id in each_tenant():
        SliMinute.objects.filter(tenant_id=tenant_id, minute__lt=now - MINUTES_KEPT).delete()
        RouteMinute.objects.filter(tenant_id=tenant_id, minute__lt=now - MINUTES_KEPT).delete()
        SliDay.objects.filter(tenant_id=tenant_id, day__lt=(now - DAYS_KEPT).date()).delete()
