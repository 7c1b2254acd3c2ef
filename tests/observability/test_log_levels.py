"""One logger's level, changed at run time for all processes, for a while."""

import functools
import logging
import time
import uuid
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import OperationalError
from django.utils import timezone

from audit.models import Entry
from audit.models.operator import Level, Operator
from observability.console.models import LogLevel
from observability.console.verbs.log_level import set_level
from observability.logs import levels, news
from tenancy.context import Actor, tenant_context
from tenancy.errors import Invalid
from tenancy.operators import OPERATORS_ID
from tests.cast import Person, make_operator, run_sql
from tests.live.servers import Process, free_port, live, wait_for, web

WITHIN = 5.0
RESPONDER = Operator(tenant_id=OPERATORS_ID, level=Level.RESPONDER)


def change(logger: str, level: str, ttl: timedelta) -> None:
    with tenant_context(OPERATORS_ID, actor=Actor("user", "an-operator")):
        set_level(logger, level, ttl, by=RESPONDER)


@pytest.fixture
def logger() -> Iterator[str]:
    name = f"tika.test.{uuid.uuid4().hex}"
    yield name
    run_sql("DELETE FROM console_loglevel WHERE logger = %s", [name], tenant=OPERATORS_ID)
    levels.follow([])


def test_a_process_follows_at_its_next_look_and_goes_back(logger: str) -> None:
    own = logging.getLogger(logger)
    assert not own.isEnabledFor(logging.DEBUG)
    change(logger, "trace", timedelta(minutes=10))
    news.look()
    assert own.isEnabledFor(levels.TRACE)
    change(logger, "error", timedelta(minutes=10))
    news.look()
    assert own.getEffectiveLevel() == logging.ERROR
    run_sql("UPDATE console_loglevel SET until = now() WHERE logger = %s", [logger], tenant=OPERATORS_ID)
    news.look()
    assert own.level == logging.NOTSET


def test_it_ends_without_the_database_too(logger: str, monkeypatch: pytest.MonkeyPatch) -> None:
    levels.follow([(logger, "debug", 600.0)])
    now = time.monotonic()
    monkeypatch.setattr("observability.logs.levels.time.monotonic", lambda: now + 601)
    monkeypatch.setattr("observability.logs.news.connection.cursor", Mock(side_effect=OperationalError))
    with pytest.raises(OperationalError):
        news.look()
    assert logging.getLogger(logger).level == logging.NOTSET


def test_who_changed_what_until_when_stands_in_the_log(logger: str) -> None:
    change(logger, "debug", timedelta(minutes=5))
    with tenant_context(OPERATORS_ID):
        row = LogLevel.objects.get(tenant_id=OPERATORS_ID, logger=logger)
        entry = Entry.objects.get(tenant_id=OPERATORS_ID, resource="loglevel", resource_id=row.pk)
    assert (entry.actor_type, entry.actor_id, entry.action) == ("user", "an-operator", "CREATE")
    assert entry.changes["after"]["level"] == "debug"
    assert row.until - timezone.now() < timedelta(minutes=5)


@pytest.mark.parametrize(
    ("logger", "level", "ttl", "field"),
    [
        ("", "debug", 60, "logger"),
        ("no logger", "debug", 60, "logger"),
        ("a" * 101, "debug", 60, "logger"),
        ("tika", "verbose", 60, "level"),
        ("tika", "DEBUG", 60, "level"),
        ("tika", "debug", 0, "ttl"),
        ("tika", "debug", -5, "ttl"),
        ("tika", "debug", 3601, "ttl"),
    ],
)
def test_what_makes_no_sense_is_refused_by_field(logger: str, level: str, ttl: int, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        change(logger, level, timedelta(seconds=ttl))
    assert refused.value.details[0]["field"] == field


def test_no_workspace_changes_or_sees_the_levels_of_the_installation(logger: str, olga: Person) -> None:
    change(logger, "debug", timedelta(minutes=5))
    assert run_sql("SELECT logger FROM console_loglevel", tenant=olga.member.tenant_id) == []
    assert run_sql("DELETE FROM console_loglevel RETURNING 1", tenant=olga.member.tenant_id) == []


def post(person: Person, body: object) -> Any:
    return person.api.post("/ops/log-level", body, **{"X-Tenant-Id": "ops"})


def test_a_responder_changes_a_level_over_http(logger: str) -> None:
    answer = post(make_operator("responder"), {"logger": logger, "level": "debug", "ttl": 60})
    assert answer.status_code == 200
    assert (answer.json()["logger"], answer.json()["level"]) == (logger, "debug")
    news.look()
    assert logging.getLogger(logger).isEnabledFor(logging.DEBUG)


def test_a_viewer_and_a_stranger_change_nothing(logger: str, zoe: Person) -> None:
    body = {"logger": logger, "level": "debug", "ttl": 60}
    assert post(make_operator("viewer"), body).status_code == 403
    assert post(zoe, body).status_code == 404
    assert run_sql("SELECT 1 FROM console_loglevel WHERE logger = %s", [logger], tenant=OPERATORS_ID) == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "text",
        {"logger": "tika", "level": "debug"},
        {"logger": "tika", "level": "debug", "ttl": True},
        {"logger": "tika", "level": "debug", "ttl": "60"},
        {"logger": "tika", "level": "debug", "ttl": 10**30},
        {"logger": "tika\n", "level": "debug", "ttl": 60},
        {"logger": ["tika"], "level": "debug", "ttl": 60},
        {"logger": "tika", "level": "debug", "ttl": 3601},
    ],
    ids=str,
)
def test_a_body_that_makes_no_sense_is_refused(body: object) -> None:
    assert post(make_operator("responder"), body).status_code in {400, 422}


def ask(port: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/livez")
    connection.getresponse().read()
    connection.close()


def lines_of_ten(process: Process) -> int:
    """How many of ten requests, over all of its processes, have a line."""
    before = process.log.read_text().count('"event":"request"')
    for _ in range(10):
        ask(process.port)
    return process.log.read_text().count('"event":"request"') - before


def test_all_processes_follow_within_five_seconds_and_go_back(tmp_path: Path) -> None:
    running = [web(tmp_path, free_port(), TIKA_WEB_WORKERS="2"), live(tmp_path, port=free_port())]
    try:
        change("tika.request", "error", timedelta(minutes=10))
        for process in running:
            wait_for(functools.partial(says, process, 0), process, seconds=WITHIN)
        run_sql("UPDATE console_loglevel SET until = now() WHERE logger = 'tika.request'", tenant=OPERATORS_ID)
        for process in running:
            wait_for(functools.partial(says, process, 10), process, seconds=WITHIN)
    finally:
        run_sql("DELETE FROM console_loglevel WHERE logger = 'tika.request'", tenant=OPERATORS_ID)
        for process in running:
            process.stop(seconds=40)


def says(process: Process, count: int) -> bool:
    return lines_of_ten(process) == count
