"""What the worker does by the clock for the console."""

from datetime import timedelta

from django.utils import timezone

from observability.console.models import Process, Statement
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID

KEEP_STATEMENTS = timedelta(days=8)
KEEP_PROCESSES = timedelta(hours=1)


def forget() -> None:
    now = timezone.now()
    with tenant_context(OPERATORS_ID):
        Statement.objects.filter(tenant_id=OPERATORS_ID, hour__lt=now - KEEP_STATEMENTS).delete()
        Process.objects.filter(tenant_id=OPERATORS_ID, seen_at__lt=now - KEEP_PROCESSES).delete()
