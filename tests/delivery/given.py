"""A PostgreSQL that somebody gives to Tika: another database's name, an administrator, and no REPLICATION."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests import database
from tika.cli import roles
from tika.cli.folder import Folder
from tika.cli.postgres import Postgres

NAME = "board"


@contextmanager
def server(folder: Path) -> Iterator[Postgres]:
    """Nobody has heard of Tika on it."""
    started = database.start(Folder(folder), alone=False)
    try:
        yield started
    finally:
        started.stop()


def address(server: Postgres) -> str:
    return server.url("postgres", NAME)


def prepare(server: Postgres, data: Path) -> None:
    """By its administrator, for the installation in this folder."""
    folder = Folder(data)
    folder.prepare()
    passwords = {name: folder.secret(name) for name in roles.SIGN_IN}
    roles.ensure(server.url("postgres", "postgres"), address(server), NAME, passwords)
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute("ALTER ROLE tika_backup NOREPLICATION")
