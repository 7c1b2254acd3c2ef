"""What happened, for the lines on the charts and the page of deploys."""

from datetime import datetime

from django.db.models import QuerySet

from observability.console.models import Mark
from tenancy.operators import OPERATORS_ID

# They come by the clock, change nothing, and have a page of their own.
ELSEWHERE = ("telemetry", "releases")


def drawn() -> QuerySet[Mark]:
    mine = Mark.objects.filter(tenant_id=OPERATORS_ID)
    return mine.exclude(kind=Mark.Kind.OTHER, name__in=ELSEWHERE)


def between(begin: datetime, end: datetime) -> QuerySet[Mark]:
    return drawn().filter(at__gte=begin, at__lte=end).order_by("at")


def since(begin: datetime) -> QuerySet[Mark]:
    return drawn().filter(at__gte=begin).order_by("at")


def latest(count: int = 50) -> QuerySet[Mark]:
    return drawn().order_by("-at")[:count]
