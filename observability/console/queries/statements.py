"""The statements that took the most of the database's time."""

from datetime import timedelta
from typing import Any

from django.db.models import F, Max, Sum
from django.utils import timezone

from observability.console.models import Statement
from tenancy.operators import OPERATORS_ID


def slowest(since: timedelta, *, limit: int = 50, order: str = "total") -> list[dict[str, Any]]:
    """[{text, digest, calls, total, longest, mean, share}]: times in ms, `share` of all statements' time.

    `order` is total, mean, longest or calls.
    """
    rows = Statement.objects.filter(tenant_id=OPERATORS_ID, hour__gte=timezone.now() - since)
    grouped = rows.values("digest").annotate(
        text=Max("text"), calls=Sum("calls"), total=Sum("total_ms"), longest=Max("longest_ms")
    )
    ordered = grouped.annotate(mean=F("total") / F("calls")).order_by(f"-{order}")[:limit]
    everything = rows.aggregate(all=Sum("total_ms"))["all"] or 1.0
    return [{**row, "share": row["total"] / everything} for row in ordered]
