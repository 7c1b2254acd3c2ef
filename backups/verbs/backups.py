"""Asking for backups, making them, and letting old ones go. Each step is a row's change, and so an entry of the log."""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime

import psycopg
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from audit.models.operator import Operator
from backups.config import Config
from backups.making.base import NoReplication, identify, make_base
from backups.making.files import make_files
from backups.making.logical import make_logical
from backups.making.making import Making, Say, clean, making
from backups.manifest import Manifest
from backups.models import Archive, Backup, Kind, State
from backups.sentences import Stopped
from backups.verbs.ending import end
from tenancy.context import Actor, tenant_context
from tenancy.operators import OPERATORS_ID

MAKERS: dict[str, Callable[[Making], Manifest]] = {
    Kind.BASE: make_base,
    Kind.LOGICAL: make_logical,
    Kind.FILES: make_files,
}
RUN_LOCK = (
    "SELECT pg_advisory_lock(hashtext('tika backup run'))",
    "SELECT pg_advisory_unlock(hashtext('tika backup run'))",
)


def ask(*, by: Operator) -> None:
    """Of every kind that the database lets be made; the `backup` process makes them within seconds.

    One that waits is not asked for twice."""
    waiting = set(Backup.objects.filter(tenant_id=OPERATORS_ID, state=State.ASKED).values_list("kind", flat=True))
    if Archive.objects.filter(tenant_id=OPERATORS_ID, is_supported=False).exists():
        waiting.add(Kind.BASE)
    values = {"tenant_id": OPERATORS_ID, "state": State.ASKED, "asked_by_id": by.user_id, "started_at": timezone.now()}
    Backup.objects.bulk_create(Backup(kind=kind, **values) for kind in Kind.values if kind not in waiting)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Backups and drills of an installation wait for each other. What is still "running" afterwards was killed."""
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(RUN_LOCK[0])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(RUN_LOCK[1])


def possible(config: Config) -> tuple[list[str], str]:
    """The kinds that can be made of this database, and a sentence where these are not all."""
    try:
        identify(config.database)
    except NoReplication as error:
        return [kind for kind in Kind.values if kind != Kind.BASE], str(error)
    except Stopped:
        pass  # Said by each kind that needs the database; attachments do not.
    return list(Kind.values), ""


def take(config: Config, kinds: Sequence[str], *, by: Actor, say: Say, urgent: bool) -> list[Backup]:
    """One of each kind, in their order; returns the rows, failed ones among them. Inside `one_at_a_time`."""
    end_killed(by)
    found = [take_one(config, kind, by=by, say=say, urgent=urgent) for kind in kinds]
    if any(row.state == State.DONE for row in found):
        note_for_metrics(config)
    return found


def take_one(config: Config, kind: str, *, by: Actor, say: Say, urgent: bool) -> Backup:
    row = begin(kind, by)
    try:
        made = making(config, release=settings.VERSION, migrations=newest_migrations(), say=say, urgent=urgent)
        manifest = MAKERS[kind](made)
    except (Stopped, OSError, psycopg.Error) as error:
        return end(row, by, state=State.FAILED, error=clean(error))
    except BaseException as error:
        end(row, by, state=State.FAILED, error=f"It was interrupted ({type(error).__name__}).")
        raise
    digest = hashlib.sha256(json.dumps(asdict(manifest), sort_keys=True).encode()).hexdigest()
    facts = {"wal_from": manifest.wal_from, "wal_to": manifest.wal_to, "name": manifest.name, "sha256": digest}
    facts |= {"place": made.store.where[:500], "release": manifest.release}
    return end(row, by, state=State.DONE, covers=manifest.time, bytes=manifest.bytes, **facts)


def begin(kind: str, by: Actor) -> Backup:
    with tenant_context(OPERATORS_ID, actor=by):
        asked = Backup.objects.filter(tenant_id=OPERATORS_ID, kind=kind, state=State.ASKED).first()
        row = asked or Backup(tenant_id=OPERATORS_ID, kind=kind)
        row.state, row.started_at = State.RUNNING, timezone.now()
        row.save()
    return row


def end_killed(by: Actor) -> None:
    with tenant_context(OPERATORS_ID, actor=by):
        rows = Backup.objects.filter(tenant_id=OPERATORS_ID, state=State.RUNNING)
        rows.update(state=State.FAILED, ended_at=timezone.now(), error="Its process was killed.")


def newest_migrations() -> dict[str, str]:
    """By app, of this code: what a restored database is measured by."""
    return dict(sorted(MigrationLoader(None).graph.leaf_nodes()))


def note_for_metrics(config: Config) -> None:
    """What `backup_age_seconds` is read from (observability.metrics.facts)."""
    target = config.data / "last_backup"
    fresh = target.with_name(".last_backup.new")
    fresh.write_text(datetime.now(UTC).isoformat(timespec="seconds"))
    fresh.replace(target)


def row_of(backup_id: uuid.UUID) -> Backup:
    return Backup.objects.get(tenant_id=OPERATORS_ID, pk=backup_id)
