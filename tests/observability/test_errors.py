"""Exceptions, grouped by fingerprint, in the database of the installation."""

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from unittest.mock import Mock

import pytest
import structlog
from django.db import OperationalError
from django.test import Client

from observability.console.models import ErrorGroup
from observability.console.queries.errors import error_groups
from observability.errors import groups
from observability.errors.fingerprint import fingerprint_of
from observability.logs import faults
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID
from tests.cast import Person, run_sql
from tests.observability.planted import planted
from tests.observability.receiving import receiving
from tests.observability.writing import Written
from tika.cli.environment import ROOT

log = structlog.get_logger("tika.test")
DEFINER = "SELECT console_note_errors(%s::jsonb)"


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[groups.Waiting]:
    own = groups.Waiting()
    monkeypatch.setattr(faults, "listeners", [own.note])
    run_sql("DELETE FROM console_errorgroup", role="superuser")
    yield own
    run_sql("DELETE FROM console_errorgroup", role="superuser")


def fail(text: str) -> None:
    raise LookupError(text)


def fail_elsewhere(text: str) -> None:
    raise LookupError(text)


def tell(work: Callable[[str], None], text: str) -> None:
    try:
        work(text)
    except LookupError:
        log.exception("broken")


def stored() -> list[ErrorGroup]:
    with tenant_context(OPERATORS_ID):
        return list(error_groups())


def test_one_fault_is_one_group_whatever_it_says(waiting: groups.Waiting) -> None:
    for number in range(3):
        tell(fail, f"row {number}")
    tell(fail_elsewhere, "row 0")
    waiting.flush()
    tell(fail, "row 9")
    waiting.flush()
    waiting.flush()
    found = {group.traceback.splitlines()[-3].split(" in ")[-1]: group for group in stored()}
    assert {name: group.count for name, group in found.items()} == {"fail": 4, "fail_elsewhere": 1}
    assert found["fail"].message == "row 9"
    assert found["fail"].type == "LookupError"
    assert found["fail"].first_seen_at < found["fail"].last_seen_at
    assert (found["fail"].service, found["fail"].route) == ("tika", "tika.test")


def test_a_request_that_fails_is_found_by_its_id(
    waiting: groups.Waiting, monkeypatch: pytest.MonkeyPatch, mia: Person
) -> None:
    name = f"failing-{uuid.uuid4().hex}"
    monkeypatch.setattr("tenancy.middleware.TenantTransaction.identify", Mock(side_effect=RuntimeError("broken")))
    client = Client(raise_request_exception=False)
    client.cookies = mia.client.cookies
    assert client.get(f"/{mia.member.tenant_slug}/boards/", headers={"X-Request-Id": name}).status_code == 500
    waiting.flush()
    (group,) = stored()
    assert (group.request_id, group.type, group.message) == (name, "RuntimeError", "broken")


def test_of_a_thousand_secrets_none_is_stored(waiting: groups.Waiting) -> None:
    everything = list(planted())
    for place, one in enumerate(everything):
        tell(fail, one.text)
        if place % 50 == 0:
            waiting.flush()
            told = str([vars(group) for group in stored()])
            assert [each for each in everything if each.secret in told] == []


def test_what_could_not_be_told_is_kept_and_told_once(waiting: groups.Waiting, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(fail, "first")
    with monkeypatch.context() as gone:
        gone.setattr("observability.errors.groups.connection.cursor", Mock(side_effect=OperationalError))
        with pytest.raises(OperationalError):
            waiting.flush()
        tell(fail, "second")
    waiting.flush()
    (group,) = stored()
    assert (group.count, group.message) == (2, "second")


def test_a_storm_of_kinds_stays_small(waiting: groups.Waiting) -> None:
    for number in range(groups.MOST + 50):
        kind = type(f"Kind{number}", (LookupError,), {})
        try:
            raise kind("x" * 100_000)
        except LookupError:
            log.exception("broken")
    assert len(waiting.groups) == groups.MOST
    waiting.flush()
    for number in range(3):
        rows = [{"fingerprint": f"{number}-{each}", "count": 1, "age": 0} for each in range(100)]
        same = dict.fromkeys(("type", "message", "traceback", "route", "service", "version", "request_id"), "")
        run_sql(DEFINER, [json.dumps([{**row, **same} for row in rows])])
    assert len(stored()) == 200


@pytest.mark.parametrize("text", ["nul \x00", "half \ud800", "'; DROP TABLE x; --", ""])
def test_odd_texts_are_stored(text: str, waiting: groups.Waiting) -> None:
    tell(fail, text)
    waiting.flush()
    assert len(stored()) == 1


def test_no_workspace_sees_them(waiting: groups.Waiting, zoe: Person) -> None:
    tell(fail, "of the installation")
    waiting.flush()
    assert run_sql("SELECT message FROM console_errorgroup", tenant=zoe.member.tenant_id) == []
    assert len(stored()) == 1


def test_a_new_line_in_the_file_makes_no_new_group() -> None:
    found = set()
    for before in ("", "\n\n\n"):
        scope: dict[str, Callable[[], None]] = {}
        exec(compile(f"{before}def work():\n    raise KeyError(1)\n", "made.py", "exec"), scope)
        try:
            scope["work"]()
        except KeyError as error:
            found.add(fingerprint_of(error))
    assert len(found) == 1


def test_a_listener_that_fails_takes_no_line_with_it(written: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faults, "listeners", [Mock(side_effect=OSError)])
    tell(fail, "row 1")
    (line,) = written.lines
    assert (line["event"], line["untold"]) == ("broken", "OSError")


def test_what_ends_a_process_is_told_last(waiting: groups.Waiting) -> None:
    program = "import django; django.setup(); raise LookupError('the last words')"
    command = [sys.executable, "-c", program]
    with receiving() as receiver:
        environ = os.environ | {"TIKA_LOG_JSON": "true", "SENTRY_DSN": f"http://key@127.0.0.1:{receiver.port}/1"}
        subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, timeout=60, check=False)
        assert receiver.wait()
    (group,) = stored()
    assert (group.type, group.message, group.route) == ("LookupError", "the last words", "tika.process")


def test_a_process_ends_though_nobody_can_be_told(waiting: groups.Waiting) -> None:
    program = "import django; django.setup(); raise LookupError('the last words')"
    with receiving() as receiver:
        receiver.free.clear()
        environ = os.environ | {
            "TIKA_LOG_JSON": "true",
            "DATABASE_URL": "postgres://tika@127.0.0.1:1/tika",
            "SENTRY_DSN": f"http://key@127.0.0.1:{receiver.port}/1",
        }
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, timeout=60, check=False)
    assert done.returncode == 1
    events = [json.loads(line)["event"] for line in done.stdout.splitlines()]
    assert events == ["ended by an exception", "the last errors are not told"]
