"""The gate's decision from what is in the database; the transaction must have been told the operators' workspace."""

from collections.abc import Sequence
from datetime import datetime

from observability.slo.gate import Decision, decide
from observability.slo.models import Override
from observability.slo.objective import Objective, objectives
from observability.slo.queries.standing import standings
from observability.slo.queries.sums import database_now
from tenancy.operators import OPERATORS_ID


def decision_on(change: str, *, wanted: Sequence[Objective] | None = None, now: datetime | None = None) -> Decision:
    gating = objectives().gating if wanted is None else wanted
    at = now or database_now()
    found = standings(wanted=gating, now=at)
    return decide(change, found, objectives().policy, now=at, override_until=overridden_until(at))


def overridden_until(now: datetime) -> datetime | None:
    """The end of the longest override in force: approved by a second operator, not withdrawn, not over."""
    rows = Override.objects.filter(tenant_id=OPERATORS_ID, withdrawn_at=None, ends_at__gt=now)
    return rows.filter(approvals__isnull=False).order_by("-ends_at").values_list("ends_at", flat=True).first()
