"""What happened, for the lines on the charts and the page of deploys."""

from datetime import datetime

from django.db.models import QuerySet

from observability.console.models import Mark
from tenancy.operators import OPERATORS_ID


def between(begin: datetime, end: datetime) -> QuerySet[Mark]:
    mine = Mark.objects.filter(tenant_id=OPERATORS_ID, at__gte=begin, at__lte=end)
    return mine.order_by("at")


def since(begin: datetime) -> QuerySet[Mark]:
    return Mark.objects.filter(tenant_id=OPERATORS_ID, at__gte=begin).order_by("at")


def latest(count: int = 50) -> QuerySet[Mark]:
    return Mark.objects.filter(tenant_id=OPERATORS_ID).order_by("-at")[:count]
