"""How far back a page looks, as `?span=` says it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Span:
    """`step` is what one point of a chart stands for; `refresh`, in seconds, when the page looks again."""

    name: str
    label: Any
    length: timedelta
    step: timedelta
    refresh: int

    def until(self, now: datetime) -> tuple[datetime, datetime]:
        """(begin, end) at whole steps, the last of which is still under way."""
        seconds = self.step.total_seconds()
        end = datetime.fromtimestamp((now.timestamp() // seconds + 1) * seconds, UTC)
        return end - self.length, end

    def times(self, begin: datetime) -> list[datetime]:
        return [begin + self.step * number for number in range(self.length // self.step)]


MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SPANS = (
    Span("1h", _("1 hour"), HOUR, MINUTE, 10),
    Span("6h", _("6 hours"), 6 * HOUR, 5 * MINUTE, 30),
    Span("24h", _("24 hours"), DAY, 15 * MINUTE, 60),
    Span("7d", _("7 days"), 7 * DAY, 2 * HOUR, 300),
)


def chosen(text: str) -> Span:
    return next((span for span in SPANS if span.name == text), SPANS[0])
