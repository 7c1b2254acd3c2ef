"""An installation whose server is gone, restored into another one that somebody gives."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from backups.checks import Restored, look
from backups.manifest import Manifest, all_of
from backups.store.local import Folder
from tests.chaos.test_database_killed import call, token_of
from tests.cli.running import PATIENCE, TIKA, Running, clean_environment
from tests.delivery import given
from tests.delivery.backups.test_installation import column_of, titles, write
from tika.cli.folder import Folder as DataFolder
from tika.cli.postgres import Postgres, programs
from tika.cli.urls import made_url, read_url


class Lost:
    """What is left of the installation: its backups, its key, and somebody's token."""

    def __init__(self, data: Path, token: str, said: str) -> None:
        self.data, self.token, self.said = data, token, said
        self.store = Folder(data / "backups")

    @property
    def dump(self) -> Manifest:
        return all_of(self.store, "logical")[0]


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> Lost:
    data = tmp_path_factory.mktemp("lost") / "data"
    with given.server(tmp_path_factory.mktemp("gone")) as server:
        given.prepare(server, data)
        tika = Running(data, "--no-demo", DATABASE_URL=given.address(server)).ready()
        try:
            token = token_of(tika)
            write(tika.port, token, column_of(tika.port, token), "before")
            (data / "files" / "acme").mkdir(parents=True)
            (data / "files" / "acme" / "plan").write_text("step one")
            done = tika.manage("backup")
            assert done.returncode == 0, done.stdout + done.stderr
        finally:
            tika.stop()
    return Lost(data, token, done.stdout)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    with given.server(tmp_path_factory.mktemp("given")) as started:
        yield started


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("new") / "data"


def restore(lost: Lost, server: Postgres, data: Path) -> "subprocess.CompletedProcess[str]":
    environ = clean_environment(TIKA_DATA_DIR=str(data), DATABASE_URL=given.address(server))
    where = ["--from", str(lost.data / "backups"), "--key", str(lost.data / "backup-key.txt")]
    command = [*TIKA, "restore", "--database", *where]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=PATIENCE, check=False)


def ask(server: Postgres, query: str) -> Any:
    with psycopg.connect(given.address(server)) as connection:
        return connection.execute(query.encode()).fetchone()


def left(server: Postgres, data: Path) -> tuple[int, list[str]]:
    """Tables in the database, files among the attachments."""
    tables = ask(server, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")[0]
    return tables, sorted(path.name for path in (data / "files").rglob("*"))


def test_a_server_nobody_has_prepared_gets_its_administrator_told(lost: Lost, server: Postgres, data: Path) -> None:
    refused = restore(lost, server, data)
    assert refused.returncode == 1
    sentence, *statements = refused.stderr.strip().splitlines()
    assert "is not prepared for Tika: an administrator runs the statements below" in sentence
    psql = [str(programs() / "psql"), "-v", "ON_ERROR_STOP=1", "-q", server.url("postgres", "postgres")]
    subprocess.run(psql, input="\n".join(statements), text=True, check=True, capture_output=True)


@pytest.mark.parametrize("name", ["logical/**/tika.dump.gz.age", "files-kept/**/plan.gz.age"])
def test_what_fails_half_way_leaves_nothing(lost: Lost, server: Postgres, data: Path, name: str) -> None:
    (path,) = (lost.data / "backups").glob(name)
    whole = path.read_bytes()
    harmed = bytearray(whole)
    harmed[-20] ^= 1
    path.write_bytes(harmed)
    try:
        done = restore(lost, server, data)
    finally:
        path.write_bytes(whole)
    assert (done.returncode, "is damaged" in done.stderr) == (1, True), done.stderr
    assert left(server, data) == (0, [])


def test_everything_comes_back_and_tika_runs_on_it(lost: Lost, server: Postgres, data: Path) -> None:
    assert "up to a day can be lost" in lost.said
    done = restore(lost, server, data)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"ok  {lost.dump.name}, as of" in done.stdout
    assert "with 1 attachments" in done.stdout
    assert (data / "files" / "acme" / "plan").read_text() == "step one"
    assert failing(lost, server, data) == {}
    again = restore(lost, server, data)
    assert (again.returncode, f"The database {given.NAME} is not empty" in again.stderr) == (1, True)
    assert failing(lost, server, data) == {}
    tika = Running(data, "--no-demo", DATABASE_URL=given.address(server)).ready()
    try:
        assert tika.status() == 200
        assert titles(tika.port, lost.token) == {"before"}
        assert call(tika.port, lost.token, "POST", "/api/boards", {"name": "New"})[0] == 201
    finally:
        assert tika.stop() == 0


def failing(lost: Lost, server: Postgres, data: Path) -> dict[str, list[str]]:
    """Rows against those of the dump's moment; the wall, as the app; the log and the tables."""
    app = {"user": "tika_app", "password": DataFolder(data).secret("tika_app")}
    with (
        psycopg.connect(given.address(server), autocommit=True) as see_all,
        psycopg.connect(made_url(read_url("", given.address(server)) | app), autocommit=True) as as_app,
    ):
        dump = lost.dump
        found = look(Restored(see_all, as_app, dump.tables, dump.tables, dump.migrations))
    return {check["name"]: check["found"] for check in found if not check["passed"]}
