"""What was counted, over time: for charts, burn-downs and heat maps. Of the tenant that the transaction was told."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from observability.slo.budget import Counts, remaining
from observability.slo.edges import EDGES_MS
from observability.slo.objective import Objective
from tenancy.operators import OPERATORS_ID

SERIES_SQL = """
SELECT date_bin(%(step)s, minute, %(since)s), sum(good)::float8, sum(valid)::float8, sum(sum_ms), slo_sum(hist)
FROM slo_sliminute WHERE tenant_id = %(tenant)s AND sli = %(name)s AND minute >= %(since)s AND minute < %(until)s
GROUP BY 1 ORDER BY 1
"""
ROUTES_SQL = """
SELECT route, method, sum(failed)::float8, sum(sum_ms), slo_sum(hist)
FROM slo_routeminute WHERE tenant_id = %(tenant)s AND minute >= %(since)s AND minute < %(until)s GROUP BY 1, 2
"""
HEAT_SQL = """
SELECT date_bin(%(step)s, minute, %(since)s), slo_sum(hist)
FROM slo_routeminute WHERE tenant_id = %(tenant)s AND minute >= %(since)s AND minute < %(until)s
  AND (%(route)s::text IS NULL OR route = %(route)s) AND (%(method)s::text IS NULL OR method = %(method)s)
GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True)
class Step:
    """`hist` is None where durations are not counted."""

    at: datetime
    counts: Counts
    sum_ms: float
    hist: list[int] | None


@dataclass(frozen=True)
class Route:
    """`hist` and `sum_ms` are of the answers that succeeded; `failed` are 5xx and 499."""

    route: str
    method: str
    failed: int
    sum_ms: float
    hist: list[int]

    @property
    def answered(self) -> int:
        return sum(self.hist)

    def percentile(self, share: float) -> float | None:
        return percentile(self.hist, share)


def percentile(hist: list[int], share: float) -> float | None:
    """In milliseconds, interpolated within its bucket; None of nothing. Above the last edge it is the last edge."""
    wanted, seen = share * sum(hist), 0.0
    if not wanted:
        return None
    low = 0.0
    for edge, count in zip(EDGES_MS, hist, strict=False):
        if count and seen + count >= wanted:
            return low + (edge - low) * (wanted - seen) / count
        seen, low = seen + count, float(edge)
    return float(EDGES_MS[-1])


def over_time(
    name: str, since: datetime, until: datetime, step: timedelta, *, tenant_id: uuid.UUID = OPERATORS_ID
) -> list[Step]:
    """Steps in which nothing was counted are left out."""
    parameters: dict[str, Any] = {"tenant": tenant_id, "name": name, "since": since, "until": until, "step": step}
    with connection.cursor() as cursor:
        cursor.execute(SERIES_SQL, parameters)
        return [Step(at, Counts(good, valid), sum_ms, hist) for at, good, valid, sum_ms, hist in cursor.fetchall()]


def burn_down(
    objective: Objective, now: datetime, step: timedelta, *, tenant_id: uuid.UUID = OPERATORS_ID
) -> list[tuple[datetime, float]]:
    """[(until when, share of the budget left)] over the objective's window, measured by what is valid in all of it."""
    since = now - timedelta(days=objective.window_days)
    steps = over_time(objective.name, since, now, step, tenant_id=tenant_id)
    valid = sum(one.counts.valid for one in steps)
    line, bad = [], 0.0
    for one in steps:
        bad += one.counts.bad
        left = remaining(Counts(valid - bad, valid), objective.target)
        if left is not None:
            line.append((one.at + step, left))
    return line


def routes(since: datetime, until: datetime) -> list[Route]:
    """The installation's, slowest first by their 95th percentile."""
    with connection.cursor() as cursor:
        cursor.execute(ROUTES_SQL, {"tenant": OPERATORS_ID, "since": since, "until": until})
        found = [Route(route, method, int(failed), ms, hist) for route, method, failed, ms, hist in cursor.fetchall()]
    return sorted(found, key=lambda one: -(one.percentile(0.95) or 0))


def heat_map(
    since: datetime, until: datetime, step: timedelta, *, route: str | None = None, method: str | None = None
) -> list[tuple[datetime, list[int]]]:
    """[(from when, answers by duration as `edges` has them)], of one route or of all."""
    parameters: dict[str, Any] = {"since": since, "until": until, "step": step, "route": route, "method": method}
    with connection.cursor() as cursor:
        cursor.execute(HEAT_SQL, {"tenant": OPERATORS_ID, **parameters})
        return list(cursor.fetchall())
