"""Times each statement once, and tells those who count."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.db import connections
from django.db.backends.signals import connection_created

# Told of every statement, also of one that failed: its text as Django has it, and how many seconds it took.
Listen = Callable[[Any, float], None]
listeners: list[Listen] = []


def tell(listener: Listen) -> None:
    """From now on; the connections that are open already and those that Django opens later."""
    if listener not in listeners:
        listeners.append(listener)
    connection_created.connect(note, dispatch_uid="statement timing")
    for connection in connections.all(initialized_only=True):
        note(connection)


def note(connection: Any, **told: Any) -> None:
    if timed not in connection.execute_wrappers:
        connection.execute_wrappers.append(timed)


def timed(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
    started = perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        seconds = perf_counter() - started
        for listener in listeners:
            listener(sql, seconds)
