"""Which PostgreSQL the tests have: an embedded one of a major, or a server that somebody names."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests import database
from tika.cli import roles
from tika.cli.folder import Folder
from tika.cli.postgres import MAJORS, Postgres
from tika.cli.refusal import Refusal
from tika.cli.urls import made_url, read_url

WARM = "TIKA_TEST_DIR"
MAJOR = "TIKA_TEST_POSTGRESQL"
GIVEN = "TIKA_TEST_SERVER"
CHOICE = (WARM, MAJOR, GIVEN)


@dataclass(frozen=True)
class GivenServer(Postgres):
    """Somebody else's, for these tests alone: roles and passwords are set anew at each start, nothing is stopped."""

    address: str = ""

    def url(self, role: str, database: str = "tika") -> str:
        parts = read_url(GIVEN, self.address) | {"dbname": database}
        return made_url(parts if role == "postgres" else parts | {"user": role, "password": self.folder.secret(role)})

    def take(self) -> None:
        """Makes the roles, or gives those of an earlier run the passwords of this one."""
        passwords = {name: self.folder.secret(name) for name in roles.SIGN_IN}
        with psycopg.connect(self.url("postgres", "postgres"), autocommit=True) as connection:
            for statement in roles.missing_roles(connection, passwords):
                connection.execute(statement.encode())
            for role, password in passwords.items():
                connection.execute(
                    roles.text("ALTER ROLE {role} PASSWORD {password}", role=role, password=password).encode()
                )


@contextmanager
def server() -> Iterator[Postgres]:
    """A throw-away server; with TIKA_TEST_DIR one that stays there and is ready at once the next time.

    TIKA_TEST_POSTGRESQL chooses the major of the embedded one (16 or 18); TIKA_TEST_SERVER names, by the address of a
    superuser, one that is there for these tests and nothing else.
    """
    if warm := os.environ.get(WARM):
        kept = Path(warm).resolve()
        yield database.start(Folder(kept if major() == 18 else kept / str(major())), major=major())
        return
    folder = Folder(Path(tempfile.mkdtemp(prefix="tika-test-")))
    try:
        if address := os.environ.get(GIVEN):
            yield given(folder, address)
            return
        own = database.start(folder, alone=False, major=major())
        try:
            yield own
        finally:
            own.stop()
    finally:
        shutil.rmtree(folder.path, ignore_errors=True)


def of_this_run() -> Postgres:
    """The server that `bin/test` has started or was given, for a test that asks more of it than its address."""
    folder = Folder(Path(os.environ["TIKA_DATA_DIR"]))
    address = os.environ.get(GIVEN)
    return GivenServer(folder, throw_away=True, address=address) if address else Postgres(folder, throw_away=True)


def major() -> int:
    asked = os.environ.get(MAJOR) or "18"
    if asked not in map(str, MAJORS):
        has = " and ".join(map(str, MAJORS))
        raise Refusal(f"{MAJOR} is {asked!r}; the embedded PostgreSQL is there as {has}: name another with {GIVEN}.")
    return int(asked)


def given(folder: Folder, address: str) -> GivenServer:
    folder.prepare()
    found = GivenServer(folder, throw_away=True, address=address)
    # PgBouncer runs under an account of its own, which must come through to its folder.
    found.prepare()
    found.take()
    return found
