"""RDS's administrator is no superuser: `tika roles` and the migrations on a server where only such a one signs in."""

import os
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest

from tests import database
from tika.cli import roles
from tika.cli.environment import ROOT
from tika.cli.folder import Folder
from tika.cli.postgres import Postgres
from tika.cli.urls import made_url, read_url

NAME = "tika"
# As AWS documents its own: LOGIN NOSUPERUSER INHERIT CREATEDB CREATEROLE NOREPLICATION.
ADMINISTRATOR = "CREATE ROLE tika_admin LOGIN NOSUPERUSER INHERIT CREATEDB CREATEROLE NOREPLICATION PASSWORD 'admin'"


@pytest.fixture(scope="module", params=[16, 18])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    started = database.start(Folder(tmp_path_factory.mktemp("rds")), alone=False, major=request.param)
    with psycopg.connect(started.url("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(ADMINISTRATOR.encode())
    yield started
    started.stop()


def address(server: Postgres, role: str, password: str, name: str = NAME) -> str:
    return made_url(read_url("", server.url("postgres", name)) | {"user": role, "password": password})


def tika(server: Postgres, command: str, password: str = "one") -> subprocess.CompletedProcess[str]:
    own = {"DATABASE_URL_SUPERUSER": address(server, "tika_admin", "admin", "postgres")} if command == "roles" else {}
    own |= {"DATABASE_URL": address(server, "tika_app", password)}
    own |= {"DATABASE_URL_WORKER": address(server, "tika_worker", password)}
    own |= {"DATABASE_URL_MIGRATOR": address(server, "tika_migrator", password)}
    own |= {"TIKA_SECRET_KEY": "s" * 50, "TIKA_DB_ROLE": "migrator" if command == "migrate" else "app"}
    line = ["-m", "tika.cli.image", "roles"] if command == "roles" else ["manage.py", command]
    environ = {"PATH": os.environ["PATH"], **own}
    return subprocess.run([sys.executable, *line], cwd=ROOT, env=environ, capture_output=True, text=True)


def test_the_roles_are_made_may_be_made_again_and_carry_the_tables(server: Postgres) -> None:
    done = tika(server, "roles")
    assert done.returncode == 0, done.stderr
    assert "the server's own backups take the place of Tika's" in done.stdout
    again = tika(server, "roles", "two")
    assert again.returncode == 0, again.stderr
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(address(server, "tika_app", "one"))
    if server.major != 18:
        return  # Once is enough for what takes longest.
    migrated = tika(server, "migrate", "two")
    assert migrated.returncode == 0, migrated.stderr[-2000:]
    with psycopg.connect(address(server, "tika_app", "two")) as connection:
        assert connection.execute("SELECT count(*) FROM tenancy_tenant").fetchone() == (0,)


def test_nobody_got_more_than_on_a_server_of_one_s_own(server: Postgres) -> None:
    with psycopg.connect(server.url("postgres", NAME)) as connection:
        mighty = "SELECT rolname FROM pg_roles WHERE rolname ^@ 'tika_' AND rolname <> 'tika_admin'"
        mighty += " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)"
        assert connection.execute(mighty.encode()).fetchall() == []
        lent = "SELECT pg_has_role('tika_admin', 'tika_owner', 'SET'), pg_has_role('tika_admin', 'tika_owner', 'USAGE')"
        assert connection.execute(lent.encode()).fetchone() == (False, False)
        assert roles.missing_rights(connection, NAME, roles_exist=True) == []
