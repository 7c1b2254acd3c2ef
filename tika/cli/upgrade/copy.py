"""A copy of the database on which the migrations are tried: how long do they take, and whom do they lock out?"""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.sql import SQL, Identifier

from tika.cli.environment import DATABASE
from tika.cli.postgres import Postgres, programs
from tika.cli.refusal import Refusal
from tika.cli.upgrade.installation import Installation

NAME = "tika_upgrade_copy"
SIZE = "SELECT pg_database_size(current_database())"
# The dump, the copy, and what the copy's migrations write.
NEEDED_FACTOR = 2.5
VARIABLES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}
MIGRATOR = "DATABASE_URL_MIGRATOR"


def superuser(installation: Installation, database: str) -> str:
    """Raises Refusal where nobody has given one."""
    if installation.embedded:
        return Postgres(installation.folder).url("postgres", database)
    if url := installation.environ.get("DATABASE_URL_SUPERUSER", ""):
        return make_conninfo(url, dbname=database) if database != DATABASE else url
    raise Refusal(
        "A copy of the database needs a role that may make one: name it with DATABASE_URL_SUPERUSER, or give a reason"
        " with --without-copy."
    )


def size(installation: Installation) -> int:
    """In bytes."""
    with psycopg.connect(superuser(installation, DATABASE), autocommit=True) as connection:
        row = connection.execute(SIZE).fetchone()
    return int(row[0]) if row else 0


@contextmanager
def copied(installation: Installation) -> Iterator[Mapping[str, str]]:
    """The environment of a command that works on the copy, which is gone afterwards."""
    _make_empty(installation)
    try:
        _fill(installation)
        yield _environment(installation)
    finally:
        _drop(installation)


def _make_empty(installation: Installation) -> None:
    _drop(installation)
    with psycopg.connect(superuser(installation, "postgres"), autocommit=True) as connection:
        connection.execute(SQL("CREATE DATABASE {} TEMPLATE template0").format(Identifier(NAME)))


def _drop(installation: Installation) -> None:
    with psycopg.connect(superuser(installation, "postgres"), autocommit=True) as connection:
        connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(NAME)))


def _fill(installation: Installation) -> None:
    with tempfile.TemporaryDirectory(dir=installation.folder.run) as folder:
        dump = Path(folder) / "copy"
        _run("pg_dump", "--format=custom", "--compress=1", f"--file={dump}", url=superuser(installation, DATABASE))
        _run("pg_restore", "--exit-on-error", f"--dbname={NAME}", str(dump), url=superuser(installation, NAME))


def _run(program: str, *arguments: str, url: str) -> None:
    """The address is told by the environment: what is an argument, everybody on the machine may read."""
    parts = conninfo_to_dict(url)
    told = {name: str(parts[word]) for word, name in VARIABLES.items() if parts.get(word)}
    command = [str(programs() / program), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **told})
    if done.returncode != 0:
        raise Refusal(f"{program} failed; what it said is below.", details=done.stderr.strip()[-2000:])


def _environment(installation: Installation) -> dict[str, str]:
    names = {name for name in installation.shared if name.startswith("DATABASE_URL")} | {MIGRATOR}
    if installation.embedded:
        return {**installation.shared, **Postgres(installation.folder).addresses(NAME)}
    there: dict[str, Any] = {name: installation.shared[name] for name in names if name in installation.shared}
    return {**installation.shared, **{name: url.replace(f"/{DATABASE}", f"/{NAME}") for name, url in there.items()}}
