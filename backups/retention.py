"""What is kept: grandfather, father, son (the research's X5). Pure, and measured by its properties."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

# Whoever backs up after a mistake must not lose the way to the moment before it.
RECENT = timedelta(days=2)


@dataclass(frozen=True)
class Keep:
    """All of the last two days; the newest of each of the last so many days, weeks, months and years that have one; and
    the newest of all."""

    daily: int = 7
    weekly: int = 5
    monthly: int = 12
    yearly: int = 3

    @classmethod
    def read(cls, text: str) -> "Keep":
        """`7,5,12,3`. Raises ValueError."""
        return cls(*(int(number) for number in text.split(","))) if text else cls()


def kept(times: Iterable[datetime], keep: Keep) -> set[datetime]:
    ordered = sorted(times, reverse=True)
    found = {at for at in ordered if at >= ordered[0] - RECENT}
    for count, period in (
        (keep.daily, lambda at: at.date()),
        (keep.weekly, lambda at: at.isocalendar()[:2]),
        (keep.monthly, lambda at: (at.year, at.month)),
        (keep.yearly, lambda at: at.year),
    ):
        seen: list[Any] = []
        for at in ordered:
            key = period(at)
            if key not in seen and len(seen) < count:
                seen.append(key)
                found.add(at)
    return found


def with_log(times: Iterable[datetime], keep: Keep) -> set[datetime]:
    """The base backups from which the log is kept, to reach any moment: those of the days. A log of years would be many
    times the database, for moments nobody asks for."""
    return kept(times, Keep(keep.daily, 0, 0, 0))


def prunable_wal(names: Iterable[str], oldest_needed: Sequence[str]) -> list[str]:
    """Segments that no kept base backup needs: older than the oldest segment that one begins with.

    `names` and `oldest_needed` are segments' names, timeline first; what is not a segment (a timeline's history) stays.
    """
    if not oldest_needed:
        return []
    first = min(name[8:24] for name in oldest_needed)
    return [name for name in names if is_segment(name) and name[8:24] < first]


def is_segment(name: str) -> bool:
    return len(name) >= 24 and all(letter in "0123456789ABCDEF" for letter in name[:24])


def segment_of(lsn: str, timeline: int, size: int = 16 * 2**20) -> str:
    """The name of the file of the log that holds this position (`0/3000028`)."""
    high, low = (int(part, 16) for part in lsn.split("/"))
    number = ((high << 32) | low) // size
    per_log = 2**32 // size
    return f"{timeline:08X}{number // per_log:08X}{number % per_log:08X}"
