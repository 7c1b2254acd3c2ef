"""Alive, started and ready are three questions."""

import json
import re
import tomllib
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.test import Client

from observability import health
from tests.cast import threads
from tests.live.proxy import Proxy, door
from tests.live.servers import Process, free_port, wait_for, web
from tika.cli.environment import ROOT

ADDRESSES = ["/readyz", "/api/health", "/startupz"]
WELL = {"database": True, "isolation": True, "migrations": True, "queue": True}
ILL = dict.fromkeys(WELL, False)


@pytest.fixture(autouse=True)
def _not_started() -> Iterator[None]:
    health.started.clear()
    yield
    health.started.clear()


@pytest.mark.parametrize("address", ADDRESSES)
def test_is_ready_with_its_tables_within_the_wall_and_with_a_queue(address: str) -> None:
    answer = Client().get(address)
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "checks": WELL, "version": settings.VERSION}


@pytest.mark.parametrize("address", ADDRESSES)
def test_is_not_ready_before_its_migrations(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "latest_migrations", lambda: {("boards", "9999_not_applied_yet")})
    answer = Client().get(address)
    assert answer.status_code == 503
    assert answer.json() == {
        "status": "unavailable",
        "checks": WELL | {"migrations": False},
        "version": settings.VERSION,
    }


@pytest.mark.parametrize(
    ("part", "query"),
    [
        ("isolation", "SELECT NOT (rolsuper OR rolbypassrls) FROM pg_roles WHERE rolname = 'postgres'"),
        ("queue", health.QUEUE_SQL.replace("procrastinate_jobs", "no_such_table")),
        ("queue", health.QUEUE_SQL.replace("procrastinate_jobs", "auth_permission")),
    ],
)
def test_each_part_can_fail_alone(part: str, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(health.PARTS, part, lambda ask: bool(ask(query)[0][0]))
    assert health.examine() == WELL | {part: False}


def test_a_part_that_hangs_ends_at_its_limit_and_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LIMIT", 0.5)
    monkeypatch.setitem(health.PARTS, "migrations", lambda ask: bool(ask("SELECT pg_sleep(60)")))
    monkeypatch.setattr(health, "connect", lambda: psycopg.Connection.connect(settings.DATABASE_URL_DIRECT))
    answers = threads(8, lambda _: health.examine())
    assert answers == [WELL | {"migrations": False, "queue": False}] * 8
    assert health.current is not None
    health.current.thread.join(10)
    assert not health.current.thread.is_alive()


@pytest.mark.parametrize("address", ["/livez", *ADDRESSES])
def test_the_public_answers_say_no_secret(address: str) -> None:
    told = Client().get(address).content.decode()
    database = settings.DATABASES["default"]
    for secret in (database["PASSWORD"], database["HOST"], database["NAME"], "tika_app", settings.SECRET_KEY):
        assert not secret or secret not in told


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Proxy]:
    with door(tmp_path, settings.DATABASE_URL_DIRECT) as proxy:
        yield proxy


@pytest.fixture
def process(database: Proxy, tmp_path: Path) -> Iterator[Process]:
    started = web(tmp_path, free_port(), DATABASE_URL=database.url, DATABASE_URL_DIRECT=database.url)
    yield started
    started.stop(seconds=40)


def ask(process: Process, path: str) -> tuple[int, Any]:
    connection = HTTPConnection("127.0.0.1", process.port, timeout=30)
    # Who asks the API with a cookie is looked up first, which needs the database.
    connection.request("GET", path, headers={} if path.startswith("/api/") else {"Cookie": f"sessionid={'a' * 32}"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, json.loads(body) if body.startswith(b"{") else body


def stop(proxy: Proxy) -> Callable[[], None]:
    proxy.slam()
    return proxy.open


def hang(proxy: Proxy) -> Callable[[], None]:
    proxy.flowing.clear()
    return proxy.flowing.set


@pytest.mark.parametrize("fault", [stop, hang])
def test_without_its_database_a_process_is_alive_not_ready_and_comes_back(
    fault: Callable[[Proxy], Callable[[], None]], database: Proxy, process: Process
) -> None:
    assert ask(process, "/startupz")[0] == 200
    mend = fault(database)
    assert ask(process, "/readyz") == (503, {"status": "unavailable", "checks": ILL, "version": settings.VERSION})
    assert ask(process, "/api/health")[0] == 503
    assert ask(process, "/livez") == (200, b"ok")
    assert ask(process, "/startupz") == (200, b"ok")
    assert process.popen.poll() is None
    mend()
    wait_for(lambda: ask(process, "/readyz")[0] == 200, process)


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest
    assert project["version"] == newest[1] == settings.VERSION
