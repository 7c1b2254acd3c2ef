"""What went wrong: exceptions that a line of level error tells of, grouped for the console and sent to Sentry."""

from observability.beat import beat
from observability.errors import groups, sentry
from observability.logs import faults


def start(*, dsn: str, release: str, environment: str) -> None:
    """Once a process, when it has read its settings; `dsn` is "" where nobody is told but the console."""
    faults.listeners.append(groups.waiting.note)
    beat.add("error groups", groups.EVERY, groups.waiting.flush, at_end=True)
    if dsn:
        sentry.start(dsn, release=release, environment=environment)
        faults.listeners.append(sentry.send)
