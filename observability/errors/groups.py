"""Exceptions by their fingerprint, counted in the process and handed over to the database by the beat.

A request that fails pays for a dictionary's entry; the console shows the groups at /ops/errors/.
"""

import json
import threading
import time
from dataclasses import dataclass
from typing import Any

from django.db import connection

from observability.errors.fingerprint import fingerprint_of, name_of
from observability.logs.faults import Fault
from observability.logs.redaction import redact

EVERY = 10.0
# Kinds that one process keeps between two turns; what else happens then is counted under none.
MOST = 100
LONGEST_MESSAGE, LONGEST_TRACEBACK = 500, 16_000
NOTE_SQL = "SELECT console_note_errors(%s::jsonb)"


@dataclass
class Group:
    told: dict[str, Any]
    count: int
    seen: float  # time.monotonic

    def as_row(self, now: float) -> dict[str, Any]:
        return {**self.told, "count": self.count, "age": round(now - self.seen, 3)}


class Waiting:
    def __init__(self) -> None:
        self.groups: dict[str, Group] = {}
        self.lock = threading.Lock()

    def note(self, fault: Fault) -> None:
        fingerprint = fingerprint_of(fault.exc_info[1])
        with self.lock:
            before = self.groups.get(fingerprint)
            if before is None and len(self.groups) >= MOST:
                return
            count = before.count + 1 if before else 1
            self.groups[fingerprint] = Group(told_of(fingerprint, fault), count, time.monotonic())

    def flush(self) -> None:
        """In one order in all processes, so that two never wait for each other. What could not be told is kept."""
        with self.lock:
            taken, self.groups = self.groups, {}
        if not taken:
            return
        now = time.monotonic()
        try:
            with connection.cursor() as cursor:
                cursor.execute(NOTE_SQL, [json.dumps([group.as_row(now) for _, group in sorted(taken.items())])])
        except Exception:
            self._put_back(taken)
            raise

    def _put_back(self, taken: dict[str, Group]) -> None:
        with self.lock:
            for fingerprint, group in taken.items():
                newer = self.groups.get(fingerprint)
                if newer is not None:
                    newer.count += group.count
                elif len(self.groups) < MOST:
                    self.groups[fingerprint] = group


def told_of(fingerprint: str, fault: Fault) -> dict[str, Any]:
    """PostgreSQL keeps no NUL, and no half of a character."""
    kind, error, _ = fault.exc_info
    fields = fault.fields
    told = {
        "fingerprint": fingerprint,
        "type": name_of(kind)[:200],
        "message": redact(str(error))[:LONGEST_MESSAGE],
        "traceback": fault.traceback[-LONGEST_TRACEBACK:],
        "route": str(fields.get("route") or fields.get("logger") or "")[:200],
        "service": str(fields.get("service") or "")[:40],
        "version": str(fields.get("version") or "")[:40],
        "request_id": str(fields.get("request_id") or "")[:64],
    }
    return {name: value.encode(errors="replace").decode().replace("\x00", "") for name, value in told.items()}


waiting = Waiting()
