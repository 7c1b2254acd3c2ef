"""`bin/upgrade` where DATABASE_URL names somebody's server: what it demands, and the way back from a sick release."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.cli.running import Running
from tests.delivery import given
from tests.delivery.upgrades.load import at_work
from tests.delivery.upgrades.next_release import NextRelease
from tests.delivery.upgrades.test_upgrade import marks, version
from tika.cli.environment import KEPT
from tika.cli.folder import Folder
from tika.cli.postgres import Postgres
from tika.env import VERSION


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    with given.server(tmp_path_factory.mktemp("given")) as started:
        yield started


@pytest.fixture(scope="module")
def tika(server: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    data = tmp_path_factory.mktemp("tika") / "data"
    given.prepare(server, data)
    running = Running(data, "--no-demo", DATABASE_URL=given.address(server)).ready()
    yield running
    assert running.stop() == 0
    assert running.left_behind() == []


@pytest.fixture(scope="module")
def sick(tmp_path_factory: pytest.TempPathFactory) -> NextRelease:
    """It starts, and is never ready."""
    release = NextRelease(tmp_path_factory.mktemp("sick") / "9.9.8", "9.9.8")
    check = '"database": lambda ask: '
    release.edit("observability/health.py", f'{check}bool(ask("SELECT 1"))', f"{check}False")
    return release


def names(server: Postgres, query: str) -> list[str]:
    with psycopg.connect(given.address(server)) as connection:
        return [str(row[0]) for row in connection.execute(query.encode())]


def label_columns(server: Postgres) -> list[str]:
    return names(server, "SELECT attname FROM pg_attribute WHERE attrelid = 'boards_label'::regclass AND attnum > 0")


def test_a_proven_backup_is_demanded_and_a_drill_of_the_dump_is_one(tika: Running, sick: NextRelease) -> None:
    refused = sick.upgrade(tika, "--check")
    assert (refused.returncode, "none has ever passed" in refused.stdout) == (1, True), refused.stdout
    made = tika.manage("backup", "--kind=logical")
    assert made.returncode == 0, made.stdout + made.stderr
    proven = tika.manage("restore_drill")
    assert proven.returncode == 0, proven.stdout + proven.stderr


def test_a_copy_is_not_made_without_somebody_who_may(tika: Running, server: Postgres, sick: NextRelease) -> None:
    app = Folder(tika.folder).read(KEPT)["DATABASE_URL"]
    for more, says in (
        ({}, "name it with DATABASE_URL_SUPERUSER"),
        ({"DATABASE_URL_SUPERUSER": app}, "must name a role that may make a copy of the database"),
    ):
        refused = sick.upgrade(tika, "--check", **more)
        assert (refused.returncode, says in refused.stdout) == (1, True), refused.stdout + refused.stderr
    assert "note" not in label_columns(server)


def test_a_release_that_is_not_well_is_put_back_by_itself(tika: Running, server: Postgres, sick: NextRelease) -> None:
    with at_work(tika) as load:
        done = sick.upgrade(tika, "--watch", "5", DATABASE_URL_SUPERUSER=server.url("postgres", "postgres"))
    assert done.returncode == 3, done.stdout + done.stderr
    for step in ("a restore was proven at", "ok Migrations tried on a copy", "ok Backup", "ok Tables"):
        assert step in done.stdout
    assert "boards.0999_next" in done.stdout
    assert "The new release is not well: /readyz answers 503" in done.stdout
    assert f"Tika {VERSION} put back; the tables stay" in done.stdout
    assert version(tika) == VERSION
    assert tika.status() == 200
    assert load.failed == []
    assert load.lost() == set()
    assert "note" in label_columns(server)
    assert f"9.9.8: put back to {VERSION}" in marks(tika)
    assert tika.manage("backup", "--list").stdout.count("logical/") == 2
    assert [name for name in names(server, "SELECT datname FROM pg_database") if "copy" in name] == []
