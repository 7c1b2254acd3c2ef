"""What is told while it happens: a line a step on the terminal, and one object for machines."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tika.cli.progress import say


class Report:
    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self.steps: list[dict[str, Any]] = []
        self.facts: dict[str, Any] = {}
        self.reasons: list[str] = []

    def line(self, text: str = "") -> None:
        if not self.quiet:
            say(text)

    @contextmanager
    def step(self, name: str) -> Iterator[dict[str, Any]]:
        """`said` of what it yields stands behind the step's name."""
        told: dict[str, Any] = {"step": name, "said": ""}
        self.line(f"  ... {name}")
        started = time.monotonic()
        try:
            yield told
        except BaseException:
            self._end(told, started, "NOT")
            raise
        self._end(told, started, " ok")

    def _end(self, told: dict[str, Any], started: float, mark: str) -> None:
        seconds = round(time.monotonic() - started, 1)
        self.steps.append({**told, "seconds": seconds, "ok": mark == " ok"})
        said = f"  {told['said']}" if told["said"] else ""
        self.line(f"  {mark} {told['step']}{said}  ({seconds} s)")

    def refused(self, reason: str, details: str = "") -> None:
        self.reasons.append(reason)
        self.line(f"  NOT {reason}")
        for line in details.splitlines():
            self.line(f"      {line}")

    def as_json(self, code: int) -> str:
        return json.dumps(
            {"exit": code, "reasons": self.reasons, "steps": self.steps, **self.facts}, indent=2, default=str
        )
