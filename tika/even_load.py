"""Connections spread evenly over the processes of `web`.

A connection wakes every process that waits for one, and the quickest takes it: of eight that were kept open, often all
were with one process, and half of the machine stood still (measured). Who serves more than another lets it go first.
"""

import mmap
import select
import struct
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

SLOTS = 64
COUNT = struct.Struct("=q")
NOBODY = -1
# The other has to wake up and get a processor: how long that is waited for, and how often it is looked, in seconds. The
# connections that are served meanwhile wait as well.
GRACE, LOOK = 0.005, 0.0005


class Shares:
    """How many connections each process has; in memory that is shared by who is forked after this was made."""

    def __init__(self) -> None:
        self.memory = mmap.mmap(-1, SLOTS * COUNT.size)
        for number in range(SLOTS):
            self.leave(number)

    def tell(self, number: int, count: int) -> None:
        COUNT.pack_into(self.memory, number % SLOTS * COUNT.size, count)

    def leave(self, number: int) -> None:
        self.tell(number, NOBODY)

    def least_of_others(self, number: int) -> int | None:
        """None where nobody else serves."""
        counts = (count for other, (count,) in enumerate(COUNT.iter_unpack(self.memory)) if other != number % SLOTS)
        return min((count for count in counts if count != NOBODY), default=None)


shares = Shares()


class EvenWorker(ThreadWorker):  # type: ignore[misc]
    """gthread, except that a connection is left for a moment to who has fewer."""

    _count = 0

    @property
    def nr_conns(self) -> int:
        """gunicorn's own count of open connections, told to the other processes."""
        return self._count

    @nr_conns.setter
    def nr_conns(self, count: int) -> None:
        self._count = count
        shares.tell(self.age, count)

    def accept(self, listener: Any) -> None:
        until = time.monotonic() + GRACE
        while self.serves_more() and time.monotonic() < until:
            time.sleep(LOOK)
            if not select.select([listener], [], [], 0)[0]:
                return
        super().accept(listener)

    def serves_more(self) -> bool:
        least = shares.least_of_others(self.age)
        return least is not None and least < self._count
