"""The installation as it was at a moment, in a server nobody else can reach, with the tables of this release."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from django.conf import settings
from psycopg import sql
from psycopg.rows import dict_row

from backups.config import ROOT, Config
from backups.crypt import Key, key_of
from backups.manifest import Manifest
from backups.programs import last_words, major_for
from backups.restore.chain import chain_to, dump_to
from backups.restore.logical import restore_beside
from backups.restore.physical import restore_into
from backups.restore.release import refuse_newer
from backups.restore.tables import Model
from backups.sentences import Stopped
from backups.server import Scratch, scratch
from backups.store import Store, store_of
from backups.verbs.backups import newest_migrations

Say = Callable[[str], None]
BATCH = 1000


@dataclass(frozen=True)
class Source:
    """`connection` sees all workspaces (tika_backup): what is read is always of one that is named."""

    connection: "psycopg.Connection[Any]"
    name: str
    at: datetime
    store: Store
    key: Key

    def rows(self, model: Model, **wanted: Any) -> Iterator[list[dict[str, Any]]]:
        """As JSON, in batches."""
        yield from self.read(model._meta.db_table, **wanted)

    def read(self, table: str, **wanted: Any) -> Iterator[list[dict[str, Any]]]:
        where = sql.SQL(" AND ").join(sql.SQL("{} = %s").format(sql.Identifier(column)) for column in wanted)
        query = sql.SQL("SELECT to_jsonb(t) AS row FROM {} t WHERE {}").format(sql.Identifier(table), where)
        with self.connection.transaction(), self.connection.cursor(name="rows", row_factory=dict_row) as cursor:
            cursor.execute(query, list(wanted.values()))
            while batch := cursor.fetchmany(BATCH):
                yield [one["row"] for one in batch]

    def one(self, query: str, *given: Any) -> Any:
        return self.connection.execute(query.encode(), given).fetchone()


@contextmanager
def installation_at(config: Config, at: datetime | None, say: Say) -> Iterator[Source]:
    """Raises Stopped, Damaged."""
    store, key = store_of(config), key_of(config.key_file)
    with server_at(config, store, key, at, say) as (made, manifest, moment):
        if manifest.migrations != newest_migrations():
            say("Bringing its tables up to this release")
            migrate(made, manifest.database)
        with psycopg.connect(made.url("tika_backup", manifest.database), autocommit=True) as connection:
            yield Source(connection, manifest.name, moment, store, key)


@contextmanager
def server_at(
    config: Config, store: Store, key: Key, at: datetime | None, say: Say
) -> Iterator[tuple[Scratch, Manifest, datetime]]:
    """What was restored of which backup, and the moment that it shows."""
    if dump := dump_to(store, at):
        refuse_newer(dump, settings.VERSION)
        with scratch(config.scratch, major_for(dump.postgres // 10000)) as made:
            restore_beside(made, store, dump, key, say)
            yield made, dump, dump.time
        return
    chain = chain_to(store, at)
    refuse_newer(chain.base, settings.VERSION)
    with scratch(config.scratch, chain.major) as made:
        restore_into(made, chain, store, key, say=say)
        yield made, chain.base, chain.at or chain.reaches


def migrate(made: Scratch, database: str) -> None:
    environ = {**os.environ, "TIKA_DB_ROLE": "migrator", "DATABASE_URL_MIGRATOR": made.url("tika_migrator", database)}
    command = [sys.executable, str(ROOT / "manage.py"), "migrate", "--no-color"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Stopped(f"Its tables could not be brought up to this release: {last_words(done.stderr or done.stdout)}")
