"""What went wrong lately, grouped."""

from django.db.models import QuerySet

from observability.console.models import ErrorGroup
from tenancy.operators import OPERATORS_ID


def error_groups() -> QuerySet[ErrorGroup]:
    """At most 200, the last seen first."""
    return ErrorGroup.objects.filter(tenant_id=OPERATORS_ID).order_by("-last_seen_at", "-id")
