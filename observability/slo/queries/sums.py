"""Sums of what was counted, of the tenant the transaction was told (of the operators': the whole installation's)."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from observability.slo.budget import Counts
from observability.slo.objective import Objective

# Of windows that end now, in minutes; the minute at an edge counts as far as it lies inside (`burn.within`).
WINDOWS_SQL = """
WITH planned AS MATERIALIZED (SELECT * FROM slo_planned()),
counted AS MATERIALIZED (
    SELECT m.sli, m.good::float8, m.valid::float8, extract(epoch FROM %(now)s - m.minute)::float8 / 60 AS age
    FROM slo_sliminute m
    WHERE m.tenant_id = %(tenant)s AND m.sli = ANY (%(names)s) AND m.minute <= %(now)s
      AND m.minute > %(now)s - make_interval(mins => %(longest)s + 1)
      AND NOT EXISTS (SELECT FROM planned a WHERE m.minute >= a.starts_at AND m.minute < a.ends_at)
)
SELECT c.sli, w.length, sum(c.good * least(1, 1 - c.age + w.length)), sum(c.valid * least(1, 1 - c.age + w.length))
FROM unnest(%(lengths)s::int[]) AS w (length) JOIN counted c ON c.age < w.length + 1 GROUP BY 1, 2
"""
# A rolling window of days: whole days as they were rolled up, its two edges by the minute. Yesterday is read by the
# minute too: its roll-up may still come.
BUDGET_SQL = """
WITH edge AS (
    SELECT o.sli, %(now)s - make_interval(days => o.days) AS starts,
           date_trunc('day', %(now)s AT TIME ZONE 'UTC') AS today,
           date_trunc('day', (%(now)s - make_interval(days => o.days)) AT TIME ZONE 'UTC') + interval '1 day' AS first
    FROM unnest(%(names)s::text[], %(days)s::int[]) AS o (sli, days)
), span AS (
    SELECT sli, starts AS since, first AT TIME ZONE 'UTC' AS until FROM edge
    UNION ALL
    SELECT sli, greatest(first, today - interval '1 day') AT TIME ZONE 'UTC', %(now)s + interval '1 microsecond'
    FROM edge
), part AS (
    SELECT d.sli, d.good - d.planned_good AS good, d.valid - d.planned_valid AS valid
    FROM edge e JOIN slo_sliday d ON d.sli = e.sli AND d.day >= e.first::date AND d.day < e.today::date - 1
    WHERE d.tenant_id = %(tenant)s
    UNION ALL
    SELECT m.sli, m.good, m.valid
    FROM span s JOIN slo_sliminute m ON m.sli = s.sli AND m.minute >= s.since AND m.minute < s.until
    WHERE m.tenant_id = %(tenant)s AND NOT EXISTS (
        SELECT FROM slo_planned() a WHERE m.minute >= a.starts_at AND m.minute < a.ends_at)
)
SELECT sli, sum(good)::float8, sum(valid)::float8 FROM part GROUP BY 1
"""
LAST_SQL = """
SELECT o.sli, (SELECT max(m.minute) FROM slo_sliminute m
               WHERE m.tenant_id = %(tenant)s AND m.sli = o.sli AND m.valid > 0 AND m.minute <= %(now)s)
FROM unnest(%(names)s::text[]) AS o (sli)
"""
PEOPLE_SQL = """
SELECT coalesce(sum(valid - synthetic), 0)::float8 FROM slo_sliminute
WHERE tenant_id = %s AND sli = %s AND minute > now() - interval '1 hour' AND minute <= now()
"""


def database_now() -> datetime:
    """The clock that everything is counted by."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        now: datetime = cursor.fetchone()[0]
    return now


def in_windows(
    tenant_id: uuid.UUID, names: Sequence[str], lengths: Iterable[int], now: datetime
) -> dict[tuple[str, int], Counts]:
    """{(objective's name, minutes): counts}, without maintenance; absent where nothing was counted."""
    wanted = sorted(set(lengths))
    parameters: dict[str, Any] = {"tenant": tenant_id, "names": list(names), "lengths": wanted, "now": now}
    parameters["longest"] = wanted[-1]
    with connection.cursor() as cursor:
        cursor.execute(WINDOWS_SQL, parameters)
        return {(name, length): Counts(good, valid) for name, length, good, valid in cursor.fetchall()}


def in_budget_windows(tenant_id: uuid.UUID, wanted: Sequence[Objective], now: datetime) -> dict[str, Counts]:
    """{name: counts} of each objective's own window of days, without maintenance."""
    names, days = [one.name for one in wanted], [one.window_days for one in wanted]
    with connection.cursor() as cursor:
        cursor.execute(BUDGET_SQL, {"tenant": tenant_id, "names": names, "days": days, "now": now})
        found = {name: Counts(good, valid) for name, good, valid in cursor.fetchall()}
    return {name: found.get(name, Counts()) for name in names}


def last_counted(tenant_id: uuid.UUID, names: Sequence[str], now: datetime) -> dict[str, datetime | None]:
    """The newest minute with a valid event; None where there is none in five weeks."""
    with connection.cursor() as cursor:
        cursor.execute(LAST_SQL, {"tenant": tenant_id, "names": list(names), "now": now})
        return dict(cursor.fetchall())


def asked_by_people(tenant_id: uuid.UUID, name: str) -> float:
    """Valid events of the last hour that the prober did not make."""
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE_SQL, [tenant_id, name])
        return float(cursor.fetchone()[0])
