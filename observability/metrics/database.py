"""Times each statement, and looks how many connections are open and busy."""

import re
import threading
import weakref
from functools import lru_cache
from typing import Any

from django.db.backends.signals import connection_created

from observability.metrics.catalogue import CONNECTIONS_ACTIVE, CONNECTIONS_OPEN, QUERY_DURATION, QUERY_EDGES
from observability.metrics.page import page
from observability.statement_timing import tell

KINDS = {"SELECT": "select", "INSERT": "insert", "UPDATE": "update", "DELETE": "delete"}
WRITES = re.compile(r"\b(INSERT INTO|UPDATE|DELETE FROM)\b")
OTHER = "other"
places: dict[str, int] = {}
lock = threading.Lock()
opened: "weakref.WeakSet[Any]" = weakref.WeakSet()


def install() -> None:
    """Every statement is timed from now on, and every connection known that Django opens."""
    connection_created.connect(note, dispatch_uid="metrics")
    tell(count)


def note(connection: Any, **told: Any) -> None:
    with lock:
        opened.add(connection)


def count(sql: Any, seconds: float, error: BaseException | None = None) -> None:
    kind = kind_of(sql)
    place = places.get(kind)
    if place is None:
        place = places[kind] = page.place(QUERY_DURATION, kind)
    page.observe(place, QUERY_EDGES, seconds * 1000)


def kind_of(sql: Any) -> str:
    if not isinstance(sql, str):
        return OTHER
    return KINDS.get(sql[:6]) or kind_of_longer(sql)


@lru_cache(maxsize=512)
def kind_of_longer(sql: str) -> str:
    """With blanks before, in small letters, or beginning with WITH, where the writing decides."""
    words = sql.strip().upper()
    if words.startswith("WITH"):
        write = WRITES.search(words)
        return KINDS[write.group()[:6]] if write else "select"
    return KINDS.get(words[:6], OTHER)


def look(process: str) -> None:
    """A transaction under way is a connection at work."""
    with lock:
        known = [connection for connection in opened if connection.connection is not None]
    page.set(page.place(CONNECTIONS_OPEN, process), len(known))
    page.set(page.place(CONNECTIONS_ACTIVE, process), sum(connection.in_atomic_block for connection in known))
