"""The doctor's report on this installation."""

import threading
import time
from datetime import UTC, datetime

from observability.console.queries.usage import usage
from observability.console.version import running
from observability.doctor.examine import examine
from observability.doctor.registry import checks
from observability.doctor.report import Report

# Who asks again within these seconds, in the same language, is told the same.
KEPT = 5.0
turn = threading.Lock()
last: dict[str, tuple[float, Report]] = {}


def report() -> Report:
    """In the operators' transaction; the checks have connections of their own."""
    at = datetime.now(UTC)
    return Report(examine(checks()), usage().figures(), running(), at)


def recent_report(language: str) -> Report:
    """For pages: however many look at once, the checks are asked once."""
    with turn:
        known = last.get(language)
        if known is None or time.monotonic() - known[0] > KEPT:
            found = report()
            known = last[language] = (time.monotonic(), found)
        return known[1]
