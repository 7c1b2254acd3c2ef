"""Each objective with what is left of its budget, how fast it burns, and how it got there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from observability.slo.budget import Counts
from observability.slo.burn import Verdict
from observability.slo.objective import Objective, Window, objectives
from observability.slo.queries.standing import standings
from observability.slo.queries.sums import database_now
from tenancy.operators import OPERATORS_ID

POINTS = 120
STEPS_SQL = """
SELECT m.sli, date_bin(%(step)s, m.minute, %(begin)s), sum(m.good)::float8, sum(m.valid)::float8
FROM slo_sliminute m
WHERE m.tenant_id = %(tenant)s AND m.sli = ANY (%(names)s) AND m.minute >= %(begin)s AND m.minute < %(end)s
  AND NOT EXISTS (SELECT FROM slo_planned() a WHERE m.minute >= a.starts_at AND m.minute < a.ends_at)
GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Burn:
    """Of one alert window's longer part; without a rate there is not enough data."""

    window: Window
    verdict: Verdict

    @property
    def rate(self) -> float | None:
        return self.verdict.burn_long

    @property
    def is_hot(self) -> bool:
        return self.rate is not None and self.rate > self.window.factor


@dataclass(frozen=True)
class Shown:
    """An objective as the pages show it. `left` is a share of the budget; None is insufficient data."""

    objective: Objective
    counts: Counts
    left: float | None
    burns: tuple[Burn, ...]
    is_absent: bool

    @property
    def over(self) -> float:
        """How much more than the budget was spent, as a share of it."""
        return -self.left if self.left is not None and self.left < 0 else 0.0

    @property
    def fires(self) -> bool:
        return any(burn.verdict.fires for burn in self.burns)

    @property
    def hottest(self) -> float | None:
        return max((burn.rate for burn in self.burns if burn.rate is not None), default=None)


def shown() -> list[Shown]:
    """In the order of the file."""
    windows = objectives().windows
    return [
        Shown(
            one.objective,
            one.counts,
            one.remaining,
            tuple(Burn(window, one.verdicts[window.name]) for window in windows if window.name in one.verdicts),
            one.is_absent,
        )
        for one in standings()
    ]


@dataclass(frozen=True)
class Step:
    begin: datetime
    counts: Counts
    left: float | None  # of the budget at the end of the step


def burn_downs(wanted: Sequence[Objective]) -> dict[str, list[Step]]:
    """{name: steps} of each budget's present window, from full to what is left now: each step takes away what failed in
    it, maintenance left out.

    The whole budget is what the window's valid events allow to fail, so the last step ends at `remaining`.
    """
    end = database_now()
    found: dict[str, list[Step]] = {}
    for days in {one.window_days for one in wanted}:
        group = [one for one in wanted if one.window_days == days]
        length = timedelta(days=days)
        counted = counted_by_step([one.name for one in group], end - length, end, length / POINTS)
        found |= {one.name: steps_of(counted[one.name], end - length, length / POINTS, one) for one in group}
    return found


def counted_by_step(
    names: list[str], begin: datetime, end: datetime, step: timedelta
) -> dict[str, dict[datetime, Counts]]:
    told: dict[str, Any] = {"step": step, "begin": begin, "end": end, "tenant": OPERATORS_ID, "names": names}
    found: dict[str, dict[datetime, Counts]] = {name: {} for name in names}
    with connection.cursor() as cursor:
        cursor.execute(STEPS_SQL, told)
        for name, at, good, valid in cursor.fetchall():
            found[name][at] = Counts(good, valid)
    return found


def steps_of(counted: dict[datetime, Counts], begin: datetime, step: timedelta, objective: Objective) -> list[Step]:
    """Pure. Before the first event nothing is known."""
    allowed = objective.budget * sum(counts.valid for counts in counted.values())
    bad, found, began = 0.0, [], False
    for number in range(POINTS):
        at = begin + step * number
        counts = counted.get(at, Counts())
        bad += counts.bad
        began = began or counts.valid > 0
        found.append(Step(at, counts, 1 - bad / allowed if began and allowed else None))
    return found
