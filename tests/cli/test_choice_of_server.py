"""Which PostgreSQL `bin/test` uses: a major of the embedded one, or a server that somebody names."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import database, servers
from tests.pooler import pooled
from tika.cli import roles
from tika.cli.folder import Folder
from tika.cli.postgres import Postgres
from tika.cli.refusal import Refusal


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    started = database.start(Folder(tmp_path_factory.mktemp("old")), alone=False, major=16)
    yield started
    started.stop()


def test_the_oldest_supported_major_is_there_too(old: Postgres) -> None:
    with psycopg.connect(old.url("postgres", "postgres")) as connection:
        assert connection.info.server_version // 10000 == 16 == roles.OLDEST // 10000


def test_a_named_server_gets_roles_and_each_run_its_own_passwords(old: Postgres, tmp_path: Path) -> None:
    address = old.url("postgres", "postgres")
    for run in ("first", "second"):
        given = servers.given(Folder(tmp_path / run), address)
        database.prepare(given, "tika_given")
        with psycopg.connect(given.url("tika_app", "tika_given")) as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("tika_app",)
    with pooled(given, "tika_given") as through, psycopg.connect(through) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("tika_app",)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(servers.GivenServer(Folder(tmp_path / "first"), address=address).url("tika_app", "tika_given"))


def test_a_major_that_the_wheel_lacks_is_refused_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(servers.MAJOR, "17")
    with pytest.raises(Refusal, match="16 and 18: name another with TIKA_TEST_SERVER"):
        servers.major()
