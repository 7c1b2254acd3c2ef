"""Whether a budget burns too fast: multi-window, multi-burn-rate (Google SRE workbook, chapter 5). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from observability.slo.budget import Counts, burn_rate
from observability.slo.objective import Objective, Window

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Verdict:
    """Burn rates are None without valid events in their window: insufficient data, which fires nothing."""

    fires: bool
    burn_long: float | None
    burn_short: float | None
    bad_long: float


def judge(objective: Objective, window: Window, long: Counts, short: Counts) -> Verdict:
    """Fires where both windows burn above the factor and enough has failed to mean anything."""
    burn_long, burn_short = burn_rate(long, objective.target), burn_rate(short, objective.target)
    fires = (
        burn_long is not None
        and burn_short is not None
        and min(burn_long, burn_short) > window.factor
        and long.bad >= window.minimum_bad
    )
    return Verdict(fires, burn_long, burn_short, long.bad)


def can_fire(objective: Objective, window: Window) -> bool:
    """Where everything fails the rate is 1 / (1 - target): a loose target cannot burn as fast as some factors."""
    return window.factor * objective.budget < 1


def is_absent(objective: Objective, now: datetime, last: datetime | None) -> bool:
    """Silence is news of its own: a service that nobody reaches makes no errors. `last`: the last minute counted."""
    if not objective.absent_after_minutes or last is None:
        return False
    return now - last > timedelta(minutes=objective.absent_after_minutes)


def within(minutes: Iterable[tuple[datetime, Counts]], now: datetime, length: timedelta) -> Counts:
    """The sum of a window that ends now; the minute at its edge counts as far as it lies inside.

    Without that a window of five minutes would be up to six long. `queries.windows` does the same in SQL.
    """
    begin = now - length
    summed = Counts()
    for minute, counts in minutes:
        part = min((minute + MINUTE - begin) / MINUTE, 1.0)
        if part > 0 and minute <= now:
            summed += Counts(counts.good * part, counts.valid * part)
    return summed
