"""The newest backup, restored into a server of its own, measured, and compared with the original."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic, sleep
from typing import Any

import psycopg

from backups.checks import Restored, look
from backups.config import Config
from backups.contents import Contents, contents
from backups.crypt import key_of
from backups.making.base import sends_log
from backups.making.making import connect
from backups.manifest import Manifest, all_of
from backups.programs import major_for
from backups.restore.chain import chain_to
from backups.restore.logical import restore_beside
from backups.restore.physical import fetch_log, play, unpack_base, verify_files
from backups.sentences import Stopped
from backups.server import Scratch, scratch
from backups.store import Store, store_of
from backups.wal.names import covered

Say = Callable[[str], None]
# For the log of the moment that is compared to be stored: the process does that every minute.
STORED_WITHIN = 150.0


@dataclass(frozen=True)
class Outcome:
    """`rto` and `rpo` in seconds, as RestoreDrill has them."""

    backup: str
    restored_to: datetime
    rto: float
    rpo: float
    checks: list[dict[str, Any]]


@dataclass(frozen=True)
class Original:
    """What the tables held just before and just after `at`."""

    at: datetime
    before: Contents
    after: Contents


def attempt(config: Config, say: Say) -> Outcome:
    """With a base backup, to this very moment; the newest dump, to its own, where the database sends no log (any more).
    Raises Stopped."""
    store = store_of(config)
    bases, dumps = all_of(store, "base"), all_of(store, "logical")
    if bases and (not dumps or sends_log(config.database)):
        return to_now(config, store, bases[0].system, say)
    if not dumps:
        raise Stopped(f"There is no backup in {store.where} to restore: bin/backup makes one.")
    return of_dump(config, store, dumps[0], say)


def to_now(config: Config, store: Store, system: str, say: Say) -> Outcome:
    begun, safe = datetime.now(UTC), covered(store, system)
    say("Counting and checksumming the original")
    original = look_at_original(config.database)
    wait_until_stored(store, system, original.at, say)
    chain, key = chain_to(store, original.at), key_of(config.key_file)
    with scratch(config.scratch, chain.major) as made:
        started = monotonic()
        unpack_base(made, chain, store, key, say)
        rto = monotonic() - started
        say("Checking every file's checksum")
        verify_files(made.data)
        started = monotonic()
        fetch_log(made, chain, store, key, say)
        play(made, chain, say)
        rto += monotonic() - started
        say("Looking at what was restored")
        checks = [{"name": "checksums", "passed": True, "found": []}, *look_at(made, chain.base, original)]
    lost = (begun - max(safe or chain.base.time, chain.base.time)).total_seconds()
    return Outcome(chain.base.name, original.at, rto, max(0.0, lost), checks)


def of_dump(config: Config, store: Store, dump: Manifest, say: Say) -> Outcome:
    begun, key = datetime.now(UTC), key_of(config.key_file)
    with scratch(config.scratch, major_for(dump.postgres // 10000)) as made:
        started = monotonic()
        restore_beside(made, store, dump, key, say)
        rto = monotonic() - started
        say("Looking at what was restored")
        checks = look_at(made, dump, Original(dump.time, dump.tables, dump.tables))
    return Outcome(dump.name, dump.time, rto, max(0.0, (begun - dump.time).total_seconds()), checks)


def look_at_original(url: str) -> Original:
    with connect(url) as connection:
        before = contents(connection)
        row = connection.execute("SELECT clock_timestamp()::text").fetchone()
        assert row is not None
        return Original(datetime.fromisoformat(str(row[0])), before, contents(connection))


def wait_until_stored(store: Store, system: str, at: datetime, say: Say) -> None:
    until = monotonic() + STORED_WITHIN
    while (reaches := covered(store, system)) is None or reaches < at:
        if monotonic() > until:
            raise Stopped(
                "The write-ahead log of the last minutes does not reach the store, so only older states can be"
                " restored: is the backup process running?"
            )
        say("Waiting for the log of this moment to be stored")
        sleep(1)


def look_at(made: Scratch, manifest: Manifest, original: Original) -> list[dict[str, Any]]:
    with both(made, manifest.database) as (see_all, as_app):
        return look(Restored(see_all, as_app, original.before, original.after, manifest.migrations))


@contextmanager
def both(made: Scratch, database: str) -> "Iterator[tuple[psycopg.Connection[Any], psycopg.Connection[Any]]]":
    """As tika_backup, which sees all, and as the app."""
    with (
        psycopg.connect(made.url("tika_backup", database), autocommit=True) as see_all,
        psycopg.connect(made.url("tika_app", database), autocommit=True) as as_app,
    ):
        as_app.execute("SET statement_timeout = 0")
        yield see_all, as_app
