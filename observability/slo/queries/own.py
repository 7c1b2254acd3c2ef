"""A workspace's own service level, for its administrators."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from observability.slo.budget import Counts
from observability.slo.models import SliDay
from observability.slo.objective import Objective, objectives
from observability.slo.pictures import Picture, picture_of
from observability.slo.queries.standing import Standing, standings

DAYS = 30


@dataclass(frozen=True)
class Own:
    standing: Standing
    picture: Picture


def own_service_level(tenant_id: uuid.UUID) -> list[Own]:
    """Each objective that is kept per workspace, over the last thirty days (in UTC)."""
    wanted = [objective for objective in objectives().all if objective.per_tenant]
    found = standings(wanted=wanted, tenant_id=tenant_id)
    return [Own(standing, picture(tenant_id, standing.objective)) for standing in found]


def picture(tenant_id: uuid.UUID, objective: Objective) -> Picture:
    first = datetime.now(UTC).date() - timedelta(days=DAYS - 1)
    rows = SliDay.objects.filter(tenant_id=tenant_id, sli=objective.name, day__gte=first)
    days = [(row.day, Counts(row.good - row.planned_good, row.valid - row.planned_valid)) for row in rows]
    return picture_of(days, objective.target, first, DAYS)
