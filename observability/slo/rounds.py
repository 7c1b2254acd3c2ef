"""What the worker does by the clock (tika/pollers.py)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from observability.slo.models import RouteMinute, SliDay, SliMinute
from observability.slo.models.maintenance import MINUTES_KEPT
from observability.slo.objective import Objective
from observability.slo.queries.standing import standings
from observability.slo.queries.sums import database_now
from observability.slo.verbs import alerts, reviews
from tenancy.context import Actor, tenant_context
from tenancy.operators import OPERATORS_ID
from tenancy.rounds import each_tenant

DAYS_KEPT = timedelta(days=400)

EVALUATOR = Actor("system", "slo")


def evaluate(wanted: Sequence[Objective] | None = None, now: datetime | None = None) -> None:
    """Every thirty seconds: does a budget burn too fast, has one been used up?"""
    if not settings.INDICATORS:
        # Silence that was asked for is no alarm.
        return
    with tenant_context(OPERATORS_ID, actor=EVALUATOR):
        found = standings(wanted=wanted, now=now)
        at = now or database_now()
        alerts.record(found, now=at)
        reviews.review(found, now=at)
        if wanted is None:
            alerts.forget_others([standing.objective.name for standing in found], now=at)


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
