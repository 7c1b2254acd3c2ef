"""A start as a checklist: one line a step, ticked with its seconds. Standard library only: packages come later."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

WIDTH = 100


def say(line: str = "", *, to: TextIO | None = None) -> None:
    """A closed terminal must not take the server with it."""
    target = to or sys.stdout
    try:
        target.write(line + "\n")
        target.flush()
    except (BrokenPipeError, ValueError):
        pass


class Step:
    """What stands on the line while the step lasts; `note` may be called as often as one likes."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.live = sys.stdout.isatty()
        self.started = time.monotonic()
        self.told = 0.0
        self.last = ""

    def note(self, text: str) -> None:
        self.last = text
        if self.live:
            self._rewrite(f"  … {self.name}  {text}")
        elif time.monotonic() - max(self.told, self.started) >= 5:
            self.told = time.monotonic()
            say(f"  ... {self.name}: {text}")

    def done(self) -> None:
        took = f"{time.monotonic() - self.started:5.1f} s"
        if self.live:
            self._rewrite(f"  ✓ {self.name:<46}{took}")
            say()
        else:
            say(f"  ok  {self.name:<46}{took}")

    def failed(self) -> None:
        if self.live:
            self._rewrite(f"  ✗ {self.name}")
            say()

    def _rewrite(self, text: str) -> None:
        try:
            sys.stdout.write("\r\033[K" + text[:WIDTH])
            sys.stdout.flush()
        except (BrokenPipeError, ValueError):
            self.live = False


@contextmanager
def step(name: str) -> Iterator[Step]:
    current = Step(name)
    if current.live:
        current.note("")
    try:
        yield current
    except BaseException:
        current.failed()
        raise
    current.done()
