"""Facts that take a look at the database or the disk: asked for by the one exporter, now and then, never by a fetch."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from observability.metrics import catalogue
from observability.metrics.exposition import Facts

log = logging.getLogger("tika.metrics")
TICKETS_SQL = "SELECT category, count FROM boards_tickets_by_category()"
QUEUE_SQL = """SELECT s.status, count(j.id) FROM (VALUES ('todo'), ('doing')) s (status)
LEFT JOIN procrastinate_jobs j ON j.status::text = s.status GROUP BY 1"""
OLDEST_SQL = """SELECT coalesce(max(extract(epoch FROM now() - due.at)), 0)::float8 FROM (
    SELECT coalesce(j.scheduled_at, (SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = j.id)) AS at
    FROM procrastinate_jobs j WHERE j.status = 'todo') due WHERE due.at <= now()"""
CONNECTIONS_SQL = """SELECT (SELECT sum(numbackends) FROM pg_stat_database)::int,
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
    - coalesce(current_setting('reserved_connections', true)::int, 0)"""


@dataclass
class Fact:
    """`ask` answers the numbers of one or more metrics; they count as known for three times `every`."""

    name: str
    every: float  # seconds
    ask: Callable[[], Facts]
    found: Facts = field(default_factory=dict)
    due: float = 0.0
    known_until: float = 0.0
    failed: bool = False


def rows(query: str) -> list[tuple[str, float]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def tickets() -> Facts:
    return {catalogue.TICKETS_BY_STATUS.name: {(category,): count for category, count in rows(TICKETS_SQL)}}


def queue() -> Facts:
    return {
        catalogue.QUEUE_DEPTH.name: {(state,): count for state, count in rows(QUEUE_SQL)},
        catalogue.QUEUE_AGE.name: {(): float(rows(OLDEST_SQL)[0][0])},
    }


def connections() -> Facts:
    used, limit = rows(CONNECTIONS_SQL)[0]
    return {catalogue.SERVER_CONNECTIONS.name: {(): float(used)}, catalogue.SERVER_CONNECTIONS_LIMIT.name: {(): limit}}


def size() -> Facts:
    bytes_ = rows("SELECT pg_database_size(current_database())")[0][0]
    return {catalogue.DATABASE_SIZE.name: {(): float(bytes_)}}


def migrations() -> Facts:
    pending = set(MigrationLoader(None).graph.nodes) - set(rows("SELECT app, name FROM django_migrations"))
    return {catalogue.MIGRATIONS_PENDING.name: {(): len(pending)}}


def backup(data: Path) -> Facts:
    """Whatever makes a backup writes its end into `last_backup`, as 2026-11-25T03:00:00Z."""
    try:
        ended = datetime.fromisoformat((data / "last_backup").read_text().strip())
    except FileNotFoundError:
        return {}
    # The clock may have been set back.
    return {catalogue.BACKUP_AGE.name: {(): max(0.0, (datetime.now(UTC) - ended).total_seconds())}}


def usual(data: Path) -> list[Fact]:
    return [
        Fact("connections", 15, connections),
        Fact("queue", 15, queue),
        Fact("tickets", 60, tickets),
        Fact("size", 60, size),
        Fact("migrations", 60, migrations),
        Fact("backup", 60, lambda: backup(data)),
    ]


class Round:
    """Asks each fact when it is due; a fetch gets what was found last, and waits for nothing."""

    def __init__(self, facts: list[Fact], lasting: Facts) -> None:
        self.facts = facts
        self.lasting = lasting

    def go_on(self, ended: threading.Event) -> None:
        while not ended.wait(1.0):
            for fact in self.facts:
                if fact.due <= time.monotonic():
                    self.ask(fact)

    def ask(self, fact: Fact) -> None:
        try:
            found = fact.ask()
        except Exception:
            # The exporter's outermost loop: a fact that cannot be had must not take the others along.
            connection.close()
            if not fact.failed:
                log.warning("the exporter cannot look at %s, and tries on", fact.name, exc_info=True)
            fact.failed, fact.known_until = True, 0.0
        else:
            fact.failed, fact.found, fact.known_until = False, found, time.monotonic() + 3 * fact.every
        fact.due = time.monotonic() + fact.every

    def known(self) -> Facts:
        now = time.monotonic()
        fresh = [fact for fact in self.facts if fact.known_until > now]
        found: Facts = {catalogue.FACTS_FRESH.name: {(fact.name,): float(fact in fresh) for fact in self.facts}}
        for fact in fresh:
            found |= fact.found
        return {**self.lasting, **found}
