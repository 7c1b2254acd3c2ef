"""What this process counted since it last told the database.

A request only appends to a queue, which threads may do at once without a lock; the beat's thread sorts it into cells.
A second is one of a slot of ten, by the monotonic clock: the database says which minute that was, so a clock that
jumps moves nothing that was counted.
"""

import time
import uuid
from bisect import bisect_left
from collections import deque
from typing import Any, NamedTuple

from django.conf import settings

from observability.slo.edges import BUCKETS, EDGES_MS
from observability.slo.expand import Cell, Measured, export, payload_of

SLOT = 10.0
# What may wait at most while the database is away; the oldest goes first.
MOST_WAITING, MOST_CELLS = 200_000, 20_000


class Happened(NamedTuple):
    """An answer that counts, 4xx being none of ours (`observe`)."""

    tenant: uuid.UUID | None
    route: str
    method: str
    status: int
    seconds: float
    at: float
    synthetic: bool


class Tally:
    def __init__(self) -> None:
        self.requests: deque[Happened] = deque(maxlen=MOST_WAITING)
        self.measures: deque[tuple[str, float, float]] = deque(maxlen=MOST_WAITING)
        self.cells: dict[tuple[uuid.UUID | None, str, str, int], Cell] = {}
        self.measured: dict[tuple[str, int], Measured] = {}

    def measure(self, indicator: str, milliseconds: float) -> None:
        """For what is no request: a page's load, the lag of an event."""
        if settings.INDICATORS:
            self.measures.append((indicator, milliseconds, time.monotonic()))

    def fold(self) -> None:
        while self.requests:
            self._sort(self.requests.popleft())
        while self.measures:
            indicator, milliseconds, at = self.measures.popleft()
            found = self.measured.setdefault((indicator, int(at // SLOT)), Measured())
            found.add(milliseconds)
            export(indicator, milliseconds)
        while len(self.cells) > MOST_CELLS:
            del self.cells[next(iter(self.cells))]
        while len(self.measured) > MOST_CELLS:
            del self.measured[next(iter(self.measured))]

    def _sort(self, happened: Happened) -> None:
        key = (happened.tenant, happened.route, happened.method, int(happened.at // SLOT))
        cell = self.cells.get(key)
        if cell is None:
            cell = self.cells[key] = Cell(hist=[0] * BUCKETS)
        cell.synthetic += happened.synthetic
        if happened.status >= 500:
            cell.broken += 1
        elif happened.status >= 400:
            cell.given_up += 1
        else:
            milliseconds = happened.seconds * 1000
            cell.sum_ms += milliseconds
            cell.hist[bisect_left(EDGES_MS, milliseconds)] += 1

    def take(self) -> dict[str, list[dict[str, Any]]] | None:
        """As `slo_count` takes it, and gone from here: it is never told twice. None where nothing was counted."""
        cells, self.cells = self.cells, {}
        measured, self.measured = self.measured, {}
        if not cells and not measured:
            return None
        now = time.monotonic()
        return payload_of(cells, measured, lambda slot: max(0.0, now - (slot + 1) * SLOT))


# One a process; `SloConfig.ready` lets requests and the beat know it.
tally = Tally()
