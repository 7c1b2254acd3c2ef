"""What went wrong: exceptions that a line of level error tells of, grouped for the console and sent to Sentry."""

import atexit
import threading

import structlog
from django.db import Error

from observability.beat import beat
from observability.errors import groups, sentry
from observability.logs import faults

log = structlog.get_logger("tika.errors")
# How long the end of a process may wait for what ended it to be told.
PATIENCE = 2.0


def start(*, dsn: str, release: str, environment: str) -> None:
    """Once a process, when it has read its settings; `dsn` is "" where nobody is told but the console."""
    faults.listeners.append(groups.waiting.note)
    beat.add("error groups", groups.EVERY, groups.waiting.flush, at_end=True)
    atexit.register(tell_the_last)
    if dsn:
        sentry.start(dsn, release=release, environment=environment)
        faults.listeners.append(sentry.send)


def tell_the_last() -> None:
    """What ended the process comes after the last beat."""
    last = threading.Thread(target=tell, daemon=True)
    last.start()
    last.join(PATIENCE)


def tell() -> None:
    try:
        groups.waiting.flush()
    except Error as error:
        log.warning("the last errors are not told", error=str(error).strip())
    sentry.flush()
