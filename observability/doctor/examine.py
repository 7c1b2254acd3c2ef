"""Asks the checks one by one. One that raises or hangs is unknown, with the reason, and holds up nobody for long."""

import queue
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from observability.doctor.check import Check, Finding, unknown
from observability.logs.redaction import redact

# Seconds for all checks together; who reads the page waits for it.
PATIENCE = 20.0
LONGEST_REASON = 300


@dataclass(frozen=True)
class Result:
    """`milliseconds` the check took; `at` when it was asked."""

    check: Check
    finding: Finding
    milliseconds: float
    at: datetime

    @property
    def state(self) -> Any:
        return self.finding.state


class Asker:
    """A thread that answers one check after another. When one hangs it is left behind, and ends after it."""

    def __init__(self) -> None:
        self.asked: queue.SimpleQueue[Check | None] = queue.SimpleQueue()
        self.answers: queue.SimpleQueue[Finding] = queue.SimpleQueue()
        self.language = translation.get_language() or "en"
        threading.Thread(target=self._go_on, name="doctor", daemon=True).start()

    def ask(self, check: Check, patience: float) -> Finding | None:
        """None where no answer came in time; this asker is good for nothing then."""
        self.asked.put(check)
        try:
            return self.answers.get(timeout=patience)
        except queue.Empty:
            self.end()
            return None

    def end(self) -> None:
        self.asked.put(None)

    def _go_on(self) -> None:
        with translation.override(self.language):
            while (check := self.asked.get()) is not None:
                self.answers.put(answer_of(check))
        connection.close()


def answer_of(check: Check) -> Finding:
    try:
        return check.ask()
    except Exception as error:  # noqa: BLE001 - whatever it is, the others are asked
        connection.close()
        reason = redact(" ".join(str(error).split()))[:LONGEST_REASON]
        return unknown(_("The check failed: %(reason)s") % {"reason": f"{type(error).__name__}: {reason}"})


def examine(checks: Sequence[Check], *, patience: float = PATIENCE) -> list[Result]:
    """In the same order; takes `patience` seconds at most, whatever the checks do."""
    until, asker, found = time.monotonic() + patience, Asker(), []
    for check in checks:
        began, at = time.monotonic(), datetime.now(UTC)
        allowed = min(check.limit, until - began)
        if allowed <= 0:
            found.append(Result(check, unknown(_("There was no time left for it")), 0.0, at))
            continue
        finding = asker.ask(check, allowed)
        if finding is None:
            asker, finding = Asker(), unknown(_("No answer within %(seconds).1f s") % {"seconds": allowed})
        found.append(Result(check, finding, (time.monotonic() - began) * 1000, at))
    asker.end()
    return found
