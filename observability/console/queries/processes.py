"""Who has given a sign of life lately."""

from django.utils import timezone

from observability.console.models import Process
from observability.console.models.process import ALIVE
from tenancy.operators import OPERATORS_ID


def alive() -> list[Process]:
    mine = Process.objects.filter(tenant_id=OPERATORS_ID, seen_at__gt=timezone.now() - ALIVE)
    return list(mine.order_by("kind", "host", "pid"))
