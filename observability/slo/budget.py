"""What is left of an error budget. Pure: counts in, shares out; None is "insufficient data", never 100 %."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Counts:
    """Events that count, and how many of them were good. A window's edge may cut a minute, so both may be fractions."""

    good: float = 0
    valid: float = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.good + other.good, self.valid + other.valid)

    @property
    def bad(self) -> float:
        return self.valid - self.good

    @property
    def share(self) -> float | None:
        """Of good among valid events."""
        return self.good / self.valid if self.valid else None


def total(counts: Iterable[Counts]) -> Counts:
    return sum(counts, Counts())


def remaining(counts: Counts, target: float) -> float | None:
    """1 - bad / ((1 - target) * valid): 1 is untouched, 0 is used up, below 0 is overspent."""
    if not counts.valid:
        return None
    return 1 - counts.bad / ((1 - target) * counts.valid)


def burn_rate(counts: Counts, target: float) -> float | None:
    """How many times faster than the budget allows: at 1 it is used up exactly at the window's end."""
    if not counts.valid:
        return None
    return counts.bad / counts.valid / (1 - target)
