"""How each objective stands right now: what the gate, the evaluation and the pages read."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from observability.slo.budget import Counts, remaining
from observability.slo.burn import Verdict, can_fire, is_absent, judge
from observability.slo.objective import Objective, Window, objectives
from observability.slo.queries.sums import database_now, in_budget_windows, in_windows, last_counted
from tenancy.operators import OPERATORS_ID


@dataclass(frozen=True)
class Standing:
    """`verdicts` by the window's name, of those that can fire; `last` is the newest minute with a valid event."""

    objective: Objective
    counts: Counts
    verdicts: dict[str, Verdict]
    last: datetime | None
    now: datetime

    @property
    def remaining(self) -> float | None:
        """Of the budget: 1 untouched, 0 used up, below 0 overspent; None is insufficient data."""
        return remaining(self.counts, self.objective.target)

    @property
    def is_absent(self) -> bool:
        return is_absent(self.objective, self.now, self.last)


def standings(
    *, wanted: Sequence[Objective] | None = None, tenant_id: uuid.UUID = OPERATORS_ID, now: datetime | None = None
) -> list[Standing]:
    """Of the tenant that the transaction was told; in the order of the file."""
    chosen = objectives().all if wanted is None else wanted
    at, names = now or database_now(), [one.name for one in chosen]
    windows = objectives().windows
    lengths = {length for window in windows for length in (window.long_minutes, window.short_minutes)}
    sums = in_windows(tenant_id, names, lengths, at)
    budgets, last = in_budget_windows(tenant_id, chosen, at), last_counted(tenant_id, names, at)
    return [Standing(one, budgets[one.name], verdicts_of(one, windows, sums), last[one.name], at) for one in chosen]


def verdicts_of(
    objective: Objective, windows: Sequence[Window], sums: dict[tuple[str, int], Counts]
) -> dict[str, Verdict]:
    def counted(minutes: int) -> Counts:
        return sums.get((objective.name, minutes), Counts())

    return {
        window.name: judge(objective, window, counted(window.long_minutes), counted(window.short_minutes))
        for window in windows
        if can_fire(objective, window)
    }
