"""Each objective with what is left of its budget, how fast it burns, and how it got there."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from observability.slo.budget import Counts, burn_rate, remaining
from observability.slo.models import AlertState
from observability.slo.objective import Objective, Window, objectives
from observability.slo.queries.sums import database_now, in_budget_windows, in_windows, last_counted
from tenancy.operators import OPERATORS_ID

POINTS = 120
STEPS_SQL = """
SELECT date_bin(%(step)s, m.minute, %(begin)s), sum(m.good)::float8, sum(m.valid)::float8
FROM slo_sliminute m
WHERE m.tenant_id = %(tenant)s AND m.sli = %(name)s AND m.minute >= %(begin)s AND m.minute < %(end)s AND NOT EXISTS (
    SELECT FROM slo_planned() a WHERE m.minute >= a.starts_at AND m.minute < a.ends_at)
GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True)
class Burn:
    """Of one alert window: None is insufficient data."""

    window: Window
    rate: float | None
    fires: bool

    @property
    def is_hot(self) -> bool:
        return self.rate is not None and self.rate > self.window.factor


@dataclass(frozen=True)
class Standing:
    """`left` is a share of the budget, below 0 when overspent; None is insufficient data."""

    objective: Objective
    counts: Counts
    left: float | None
    burns: tuple[Burn, ...]
    last: datetime | None

    @property
    def over(self) -> float:
        """How much more than the budget was spent, as a share of it."""
        return -self.left if self.left is not None and self.left < 0 else 0.0

    @property
    def fires(self) -> bool:
        return any(burn.fires for burn in self.burns)

    @property
    def hottest(self) -> float | None:
        return max((burn.rate for burn in self.burns if burn.rate is not None), default=None)


def standings() -> list[Standing]:
    """In the order of the file; three statements for all."""
    known, now = objectives(), database_now()
    names = [one.name for one in known.all]
    budgets = in_budget_windows(OPERATORS_ID, known.all, now)
    recent = in_windows(OPERATORS_ID, names, [window.long_minutes for window in known.windows], now)
    firing = set(
        AlertState.objects.filter(tenant_id=OPERATORS_ID, state=AlertState.State.FIRING).values_list(
            "objective", "rule"
        )
    )
    last = last_counted(OPERATORS_ID, names, now)
    found = []
    for one in known.all:
        burns = tuple(
            Burn(
                window,
                burn_rate(recent.get((one.name, window.long_minutes), Counts()), one.target),
                (one.name, window.name) in firing,
            )
            for window in known.windows
        )
        counts = budgets[one.name]
        found.append(Standing(one, counts, remaining(counts, one.target), burns, last.get(one.name)))
    return found


@dataclass(frozen=True)
class Step:
    begin: datetime
    counts: Counts
    left: float | None  # of the budget at the end of the step


def burn_down(objective: Objective) -> list[Step]:
    """The budget of the present window from full to what is left now: each step takes away what failed in it.

    The whole budget is what the window's valid events allow to fail, so the last step ends at `remaining`.
    """
    end = datetime.now(UTC)
    length = timedelta(days=objective.window_days)
    step = length / POINTS
    begin = end - length
    told: dict[str, Any] = {"step": step, "begin": begin, "end": end, "tenant": OPERATORS_ID, "name": objective.name}
    with connection.cursor() as cursor:
        cursor.execute(STEPS_SQL, told)
        counted = {at: Counts(good, valid) for at, good, valid in cursor.fetchall()}
    return steps_of(counted, begin, step, objective)


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
