"""Is the process alive, has it started, and can it serve? (guide 6.2; research trap T9: other questions, other answers)

Alive asks nothing of anything: a database that rests must not restart the process. Ready asks the database on a
connection and a thread of its own, so that an answer comes in time even where the database says nothing at all.
"""

import os
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.http import HttpRequest, HttpResponse, JsonResponse

# How long each part may take, in seconds; the first waits for the connection too.
LIMIT = 2
WALL_SQL = "SELECT NOT (rolsuper OR rolbypassrls) FROM pg_roles WHERE rolname = current_user"
QUEUE_SQL = """
SELECT coalesce(has_table_privilege(to_regclass('procrastinate_jobs'), 'INSERT'), false)
"""
Ask = Callable[[str], list[tuple[Any, ...]]]


@cache
def latest_migrations() -> frozenset[tuple[str, str]]:
    """(app, name) of each app's last migration in this code: without them its tables are not what it expects."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


# In this order. Whether somebody works on the queue is not asked: without a worker, pages and API still serve.
PARTS: dict[str, Callable[[Ask], bool]] = {
    "database": lambda ask: bool(ask("SELECT 1")),
    "isolation": lambda ask: bool(ask(WALL_SQL)[0][0]),
    "migrations": lambda ask: latest_migrations() <= set(ask("SELECT app, name FROM django_migrations")),
    "queue": lambda ask: bool(ask(QUEUE_SQL)[0][0]),
}
started = threading.Event()


def livez(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


def readyz(request: HttpRequest) -> JsonResponse:
    """{"status": "ok"|"unavailable", "checks": {name: bool}, "version"}; 503 while a check fails."""
    checks = examine()
    healthy = all(checks.values())
    if healthy:
        started.set()
    status = "ok" if healthy else "unavailable"
    body = {"status": status, "checks": checks, "version": settings.VERSION}
    return JsonResponse(body, status=200 if healthy else 503)


def startupz(request: HttpRequest) -> HttpResponse:
    """As `readyz` until it was ready once; from then on the process has started, whatever happens to others."""
    if started.is_set():
        return HttpResponse("ok", content_type="text/plain")
    return readyz(request)


class Examination:
    """One look at all parts; who asks meanwhile waits for the same."""

    def __init__(self) -> None:
        self.found = dict.fromkeys(PARTS, False)
        self.answered = {name: threading.Event() for name in PARTS}
        self.connection: psycopg.Connection[Any] | None = None
        self.thread = threading.Thread(target=self._go_through, name="health", daemon=True)

    def wait(self) -> dict[str, bool]:
        for name in PARTS:
            if not self.answered[name].wait(LIMIT):
                self._give_up()
                break
        return dict(self.found)

    def _go_through(self) -> None:
        try:
            with connect() as self.connection:
                for name, part in PARTS.items():
                    self.found[name] = part(lambda query: self.connection.execute(query.encode()).fetchall())  # type: ignore[union-attr]
                    self.answered[name].set()
        except psycopg.Error:
            # What was not answered is not so.
            pass
        finally:
            for event in self.answered.values():
                event.set()

    def _give_up(self) -> None:
        """Ends the wait of the thread, which would outlast a network that swallows everything."""
        if self.connection is not None:
            with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(self.connection.fileno())) as other:
                other.shutdown(socket.SHUT_RDWR)


current: Examination | None = None
turn = threading.Lock()


def examine() -> dict[str, bool]:
    global current
    latest_migrations()
    with turn:
        if current is None or not current.thread.is_alive():
            current = Examination()
            current.thread.start()
        mine = current
    return mine.wait()


def connect() -> "psycopg.Connection[Any]":
    """Probes are seldom: a connection kept for them would be one more for each process."""
    given = connection.get_connection_params()
    for name in ("cursor_factory", "context", "prepare_threshold"):
        given.pop(name, None)
    return psycopg.Connection.connect(**{**given, "connect_timeout": LIMIT, "autocommit": True})
