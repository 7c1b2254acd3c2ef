"""A copy of the database on which the migrations are tried: how long do they take, and whom do they lock out?"""

import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from backups.programs import client
from backups.sentences import Stopped
from backups.tls import reached
from tika.cli.postgres import Postgres
from tika.cli.refusal import Refusal
from tika.cli.upgrade.installation import Installation
from tika.cli.urls import made_url, read_url

SIZE = "SELECT pg_database_size(current_database())"
# The dump, the copy, and what the copy's migrations write.
NEEDED_FACTOR = 2.5


def superuser(installation: Installation, database: str) -> str:
    """Raises Refusal where nobody has given one."""
    if installation.embedded:
        return Postgres(installation.folder).url("postgres", database)
    if url := installation.environ.get("DATABASE_URL_SUPERUSER", ""):
        return make_conninfo(url, dbname=database)
    raise Refusal(
        "A copy of the database needs a role that may make one: name it with DATABASE_URL_SUPERUSER, or give a reason"
        " with --without-copy."
    )


def size(installation: Installation) -> int:
    """In bytes."""
    with _connected(installation, installation.database) as connection:
        row = connection.execute(SIZE).fetchone()
    return int(row[0]) if row else 0


@contextmanager
def copied(installation: Installation) -> Iterator[Mapping[str, str]]:
    """The environment of a command that works on the copy, which is gone afterwards."""
    # By the database's own name: a server may have several installations.
    name = f"{installation.database[:48]}_upgrade_copy"
    _drop(installation, name)
    try:
        with _connected(installation, "postgres") as connection:
            connection.execute(SQL("CREATE DATABASE {} TEMPLATE template0").format(Identifier(name)))
        _fill(installation, name)
        yield _environment(installation, name)
    finally:
        _drop(installation, name)


def _drop(installation: Installation, name: str) -> None:
    with _connected(installation, "postgres") as connection:
        connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(name)))


@contextmanager
def _connected(installation: Installation, database: str) -> "Iterator[psycopg.Connection[Any]]":
    """Raises Refusal, also for what the server does not let it do."""
    try:
        with psycopg.connect(superuser(installation, database), autocommit=True, connect_timeout=10) as connection:
            yield connection
    except psycopg.Error as error:
        said = " ".join(str(error).split())
        raise Refusal(
            "DATABASE_URL_SUPERUSER must name a role that may make a copy of the database; or give a reason with"
            f" --without-copy. The server said: {said}"
        ) from error


def _fill(installation: Installation, name: str) -> None:
    with _connected(installation, installation.database) as connection:
        version = connection.info.server_version
    with tempfile.TemporaryDirectory(dir=installation.folder.run) as folder:
        dump = Path(folder) / "copy"
        write = ("--format=custom", "--compress=1", f"--file={dump}")
        _run("pg_dump", *write, url=superuser(installation, installation.database), version=version)
        read = ("--exit-on-error", f"--dbname={name}", str(dump))
        _run("pg_restore", *read, url=superuser(installation, name), version=version)


def _run(program: str, *arguments: str, url: str, version: int) -> None:
    """The address is told by the environment: what is an argument, everybody on the machine may read."""
    try:
        path = client(program, version)
        with reached(url, path) as environ:
            done = subprocess.run([path, *arguments], capture_output=True, text=True, check=False, env=environ)
    except Stopped as stopped:
        raise Refusal(str(stopped)) from stopped
    if done.returncode != 0:
        raise Refusal(f"{program} failed; what it said is below.", details=done.stderr.strip()[-2000:])


def _environment(installation: Installation, name: str) -> dict[str, str]:
    there = {key: url for key, url in installation.shared.items() if key.startswith("DATABASE_URL")}
    copies = {key: made_url(read_url(key, url) | {"dbname": name}) for key, url in there.items()}
    return {**installation.shared, **copies}
