"""What a process does every few seconds beside its work: hand over what it counted, look whether something changed.

One thread a process, started after the fork and stopped before the end, when everything runs once more.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import connection

log = logging.getLogger("tika.beat")
# How long the end of a process may wait for the last hand-over.
PATIENCE = 5.0


@dataclass
class Errand:
    name: str
    every: float  # seconds
    run: Callable[[], object]
    at_end: bool
    due: float = 0.0
    failed: bool = field(default=False)

    def make(self) -> None:
        """A failure is said once, and again after it has worked in between; the next turn tries again."""
        try:
            self.run()
        except Exception:
            connection.close()
            if not self.failed:
                log.warning("%s failed and is tried again every %g s", self.name, self.every, exc_info=True)
            self.failed = True
        else:
            self.failed = False


class Beat:
    def __init__(self) -> None:
        self.errands: list[Errand] = []
        self.ended = threading.Event()
        self.thread: threading.Thread | None = None

    def add(self, name: str, every: float, run: Callable[[], object], *, at_end: bool = False) -> None:
        """`at_end`: once more when the process ends, so that nothing counted is lost."""
        self.errands.append(Errand(name, every, run, at_end))

    def start(self) -> None:
        if self.thread is None:
            self.ended.clear()
            self.thread = threading.Thread(target=self._go_on, name="beat", daemon=True)
            self.thread.start()

    def stop(self) -> None:
        if self.thread is not None:
            self.ended.set()
            self.thread.join(PATIENCE)
            self.thread = None

    def _go_on(self) -> None:
        now = time.monotonic()
        for errand in self.errands:
            errand.due = now + errand.every
        while not self.ended.wait(max(0.0, self._next_due() - time.monotonic())):
            for errand in self.errands:
                if errand.due <= time.monotonic():
                    errand.make()
                    errand.due = time.monotonic() + errand.every
        for errand in self.errands:
            if errand.at_end:
                errand.make()
        connection.close()

    def _next_due(self) -> float:
        return min((errand.due for errand in self.errands), default=time.monotonic() + 60)


# Apps add their errands in `AppConfig.ready`; each kind of process starts it after its fork.
beat = Beat()
