"""A row of days as bars: what share of each was good, and where the promise lies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from observability.slo.budget import Counts

# How many times the budget fits between the picture's floor and the promise.
DEPTH = 4


@dataclass(frozen=True)
class Bar:
    """In per cent of the picture; `height` is 0 where nothing was counted."""

    day: date
    counts: Counts
    x: float
    width: float
    y: float
    height: float
    is_kept: bool


@dataclass(frozen=True)
class Picture:
    bars: list[Bar]
    line: float  # where the promise lies, from above
    target: float

    @property
    def is_empty(self) -> bool:
        return not any(bar.counts.valid for bar in self.bars)


def picture_of(days: Sequence[tuple[date, Counts]], target: float, first: date, count: int) -> Picture:
    """Of `count` days from `first`. A day that is worse than the picture is deep still shows a stump."""
    floor = target - DEPTH * (1 - target)
    known, step = dict(days), 100 / count
    bars = []
    for number in range(count):
        day = first + timedelta(days=number)
        counts = known.get(day, Counts())
        share = counts.share
        height = 0.0 if share is None else max(3.0, 100 * (share - floor) / (1 - floor))
        is_kept = share is not None and share >= target
        bars.append(Bar(day, counts, number * step + step * 0.1, step * 0.8, 100 - height, height, is_kept))
    return Picture(bars, 100 - 100 * (target - floor) / (1 - floor), target)
