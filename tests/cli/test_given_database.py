"""A PostgreSQL named by DATABASE_URL: what is checked, and what its administrator is told to run."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from environ import Env

from tests import database
from tests.cli.running import refusal
from tika.cli import roles
from tika.cli.folder import Folder
from tika.cli.given import Given
from tika.cli.postgres import Postgres, programs
from tika.cli.refusal import Refusal
from tika.cli.urls import made_url, read_url


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """Somebody's server, on which nobody has heard of Tika."""
    started = database.start(Folder(tmp_path_factory.mktemp("given")), alone=False)
    yield started
    started.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path)
    made.prepare()
    return made


def url_of(server: Postgres, name: str = "tika") -> str:
    return server.url("postgres", name)


def told(server: Postgres, folder: Folder, **environ: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        Given(folder, {"DATABASE_URL": url_of(server), **environ}).addresses()
    return caught.value


def run_as_administrator(server: Postgres, statements: str) -> None:
    psql = [str(programs() / "psql"), "-v", "ON_ERROR_STOP=1", "-q", url_of(server, "postgres")]
    subprocess.run(psql, input=statements, text=True, check=True, capture_output=True)


def test_the_printed_statements_are_all_an_administrator_needs(server: Postgres, folder: Folder) -> None:
    fresh = told(server, folder)
    assert "is not prepared for Tika: an administrator runs the statements below there as a superuser" in str(fresh)
    assert "CREATE ROLE tika_app LOGIN NOSUPERUSER" in fresh.details
    assert "CREATE DATABASE" in fresh.details
    run_as_administrator(server, fresh.details)

    addresses = Given(folder, {"DATABASE_URL": url_of(server)}).addresses()
    for name, role in (("DATABASE_URL", "tika_app"), ("DATABASE_URL_WORKER", "tika_worker")):
        with psycopg.connect(addresses[name]) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (role,)
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("CREATE TABLE public.mine ()")
    with psycopg.connect(addresses["DATABASE_URL_MIGRATOR"], options="-c role=tika_owner") as connection:
        connection.execute("CREATE TABLE public.ours ()")
        connection.rollback()


def test_bin_run_prints_them_and_ends(server: Postgres, tmp_path: Path) -> None:
    said = refusal(TIKA_DATA_DIR=str(tmp_path), PORT="0", DATABASE_URL=url_of(server, "another"))
    sentence, *statements = said.splitlines()
    assert sentence.endswith("in the database another; then start again.")
    assert all(line.endswith(";") or line == '\\connect "another"' for line in statements)
    assert not (tmp_path / "pgdata").exists()


@pytest.mark.parametrize(
    ("spoilt", "remedy"),
    [
        ("ALTER ROLE tika_app SUPERUSER", "ALTER ROLE tika_app LOGIN NOSUPERUSER"),
        ("ALTER ROLE tika_worker BYPASSRLS", "ALTER ROLE tika_worker LOGIN NOSUPERUSER"),
        ("GRANT tika_owner TO tika_app", 'REVOKE "tika_owner" FROM "tika_app"'),
        ("ALTER ROLE tika_owner LOGIN", "ALTER ROLE tika_owner NOLOGIN"),
        ("REVOKE tika_owner FROM tika_migrator", "GRANT tika_owner TO tika_migrator WITH INHERIT FALSE, SET TRUE"),
        ("ALTER ROLE tika_app RESET statement_timeout", "ALTER ROLE tika_app SET statement_timeout = '5s'"),
        ("GRANT CREATE ON SCHEMA public TO PUBLIC", "REVOKE ALL ON SCHEMA public FROM PUBLIC"),
        ("GRANT CREATE ON SCHEMA public TO tika_app", "REVOKE CREATE ON SCHEMA public FROM tika_app"),
        ("GRANT TEMPORARY ON DATABASE tika TO PUBLIC", 'REVOKE ALL ON DATABASE "tika" FROM PUBLIC'),
        ("REVOKE USAGE ON SCHEMA public FROM tika_worker", "GRANT USAGE ON SCHEMA public TO tika_app, tika_worker"),
        ("ALTER SCHEMA public OWNER TO postgres", "ALTER SCHEMA public OWNER TO tika_owner"),
        ("ALTER ROLE tika_worker PASSWORD 'another'", "ALTER ROLE tika_worker PASSWORD '"),
    ],
)
def test_every_right_that_is_wrong_is_told_and_mended(
    server: Postgres, folder: Folder, spoilt: str, remedy: str
) -> None:
    prepare(server, folder)
    run_as_administrator(server, f"\\connect tika\n{spoilt}")
    details = told(server, folder).details
    assert remedy in details
    run_as_administrator(server, f"\\connect tika\n{details}")
    assert Given(folder, {"DATABASE_URL": url_of(server)}).addresses()


def test_limits_an_administrator_has_chosen_stay(server: Postgres, folder: Folder) -> None:
    prepare(server, folder)
    run_as_administrator(server, "ALTER ROLE tika_app SET statement_timeout = '3s'")
    assert Given(folder, {"DATABASE_URL": url_of(server)}).addresses()


def test_the_apps_own_address_brings_its_password(server: Postgres, folder: Folder) -> None:
    prepare(server, folder)
    run_as_administrator(server, "ALTER ROLE tika_app PASSWORD 'p@ss/wörd'")
    given = made_url(read_url("URL", url_of(server)) | {"user": "tika_app", "password": "p@ss/wörd"})
    assert (
        read_url("URL", Given(folder, {"DATABASE_URL": given}).addresses()["DATABASE_URL"])["password"] == "p@ss/wörd"
    )
    run_as_administrator(server, f"ALTER ROLE tika_app PASSWORD '{folder.secret('tika_app')}'")


def test_an_app_that_is_not_let_in_learns_what_to_ask_for(server: Postgres, folder: Folder) -> None:
    given = made_url(read_url("URL", url_of(server)) | {"user": "tika_app", "password": "wrong", "dbname": "nowhere"})
    refused = told(server, folder, DATABASE_URL=given)
    assert "password authentication failed" in str(refused)
    assert "CREATE ROLE tika_migrator" in refused.details


def test_other_roles_may_have_addresses_of_their_own(server: Postgres, folder: Folder) -> None:
    prepare(server, folder)
    environ = {
        "DATABASE_URL": url_of(server),
        "DATABASE_URL_WORKER": Given(folder, {"DATABASE_URL": url_of(server)}).addresses()["DATABASE_URL_WORKER"]
        + "&application_name=mine",
    }
    assert "application_name=mine" in Given(folder, environ).addresses()["DATABASE_URL_WORKER"]


def test_an_old_server(server: Postgres, folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roles, "OLDEST", 990000)
    assert "is version 18." in str(told(server, folder))
    assert "Tika needs 16 or newer, so upgrade it" in str(told(server, folder))


def test_a_database_that_cannot_hold_every_language(server: Postgres, folder: Folder) -> None:
    run_as_administrator(server, "CREATE DATABASE narrow TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'")
    assert "is not in UTF-8" in str(told(server, folder, DATABASE_URL=url_of(server, "narrow")))


def test_nobody_there(folder: Folder) -> None:
    with pytest.raises(
        Refusal, match=r"PostgreSQL at 127[.]0[.]0[.]1:1 can't be used: check host, port, user and password"
    ):
        Given(folder, {"DATABASE_URL": "postgres://tika_app:x@127.0.0.1:1/tika"}).addresses()


@pytest.mark.parametrize(
    "address", ["mysql://me@there/tika", "tika", "postgres://me:p@there:port/tika", "postgres://me@there"]
)
def test_an_address_that_is_none(folder: Folder, address: str) -> None:
    with pytest.raises(Refusal, match="DATABASE_URL must look like postgres://user:password@host:5432/tika"):
        Given(folder, {"DATABASE_URL": address})


@pytest.mark.parametrize("password", ["plain", "p@ss:w/ö?r#d", "100%", "a b+c"])
@pytest.mark.parametrize("host", ["db.example.com", "::1", "/var/run/with space+plus"])
def test_addresses_come_back_as_they_went(host: str, password: str) -> None:
    parts = {
        "user": "tika_app",
        "password": password,
        "host": host,
        "port": "6432",
        "dbname": "tika",
        "sslmode": "require",
    }
    assert read_url("URL", made_url(parts)) == parts
    django = Env.db_url_config(made_url(parts))
    assert (django["USER"], django["PASSWORD"], django["NAME"]) == ("tika_app", password, "tika")
    assert host in {django["HOST"], django["OPTIONS"].get("host")}


def prepare(server: Postgres, folder: Folder) -> None:
    """As the first test has shown it can be done, with this folder's passwords."""
    passwords = {name: folder.secret(name) for name in roles.SIGN_IN}
    roles.ensure(url_of(server, "postgres"), url_of(server), "tika", passwords)
    for name, password in passwords.items():
        run_as_administrator(server, f"ALTER ROLE {name} PASSWORD '{password}'")
