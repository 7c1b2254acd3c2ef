"""Times each statement once, and tells those who count."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.db import connections
from django.db.backends.signals import connection_created

# Told of every statement: its text as Django has it, how many seconds it took, and why it failed if it did.
Listen = Callable[[Any, float, BaseException | None], None]
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
        answer = execute(sql, params, many, context)
    except BaseException as error:
        tell_all(sql, perf_counter() - started, error)
        raise
    tell_all(sql, perf_counter() - started, None)
    return answer


def tell_all(sql: Any, seconds: float, error: BaseException | None) -> None:
    for listener in listeners:
        listener(sql, seconds, error)
