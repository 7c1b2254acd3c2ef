"""Exactly one line about each request, and one name for it everywhere."""

import re
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from audit.models import Entry
from tests.cast import Person, Scene, Workspace
from tests.observability.writing import Written

OWN = {"ts", "level", "logger", "event", "service", "env", "version", "method", "route", "status", "duration_ms"}
KEYS = OWN | {"request_id", "trace_id", "span_id", "tenant_id", "user_id"}
CALLER = {"trace": "4bf92f3577b34da6a3ce929d0e0e4736", "span": "00f067aa0ba902b7"}
TRACEPARENT = f"00-{CALLER['trace']}-{CALLER['span']}-01"


def access(written: Written) -> list[dict[str, Any]]:
    return written.of("tika.request")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/livez", 200),
        ("get", "/readyz", 200),
        ("get", f"{settings.STATIC_URL}no/such.css", 404),
        ("get", "/api/tickets", 401),
        ("get", "/api/nothing-of-that-name", 404),
        ("get", "/no/such/page", 404),
        ("get", "/accounts/login/", 200),
        ("head", "/livez", 200),
        ("post", "/livez", 200),
        ("get", "/api/tickets?token=tika_pat_abcdefgh", 401),
    ],
)
def test_a_request_has_exactly_one_line(method: str, path: str, status: int, written: Written) -> None:
    getattr(Client(), method)(path)
    (line,) = access(written)
    assert set(line) == KEYS
    assert (line["event"], line["level"], line["method"], line["status"]) == ("request", "info", method.upper(), status)
    assert b"tika_pat" not in b"".join(written)


def test_the_line_says_whose_it_was(written: Written, board: Scene, workspace: Workspace, mia: Person) -> None:
    ticket = board.tickets[0]
    written.clear()
    assert mia.api.get(f"/api/tickets/{ticket}").status_code == 200
    (line,) = access(written)
    assert line["tenant_id"] == str(workspace.id)
    assert line["user_id"] == str(mia.user.pk)
    assert str(ticket) not in line["route"]
    assert line["route"].startswith("api/tickets/<")
    assert line["duration_ms"] > 0


def test_a_stranger_is_no_person_of_the_workspace(
    written: Written, board: Scene, zoe: Person, other: Workspace
) -> None:
    written.clear()
    assert zoe.api.get(f"/api/tickets/{board.tickets[0]}").status_code == 404
    (line,) = access(written)
    assert (line["tenant_id"], line["user_id"]) == (str(other.id), str(zoe.user.pk))


def test_the_callers_names_stand_in_answer_line_error_and_log(
    written: Written, board: Scene, workspace: Workspace, mia: Person
) -> None:
    name = f"caller-{uuid.uuid4().hex}"
    names = {"X-Request-Id": name, "traceparent": TRACEPARENT}
    answer = mia.api.post("/api/tickets", {"board": str(board.id), "title": "Named"}, **names)
    assert answer.status_code == 201
    refused = mia.api.get(f"/api/tickets/{uuid.uuid4()}", **names)
    assert refused.json()["error"]["request_id"] == name
    for one in (answer, refused):
        assert one["X-Request-Id"] == name
        version, trace, span, flags = one["traceparent"].split("-")
        assert (version, trace, flags) == ("00", CALLER["trace"], "01")
        assert span != CALLER["span"]
    assert {(line["request_id"], line["trace_id"]) for line in access(written)} == {(name, CALLER["trace"])}
    with workspace.told():
        assert Entry.objects.filter(tenant_id=workspace.id, request_id=name).exists()


@pytest.mark.parametrize(
    "given",
    [
        "",
        "short",
        "x" * 65,
        "with space",
        "tika_pat_" + "a" * 43,
        "a@b.example.com",
        "4111-1111-1111-1111",
        "../../etc",
    ],
)
def test_a_name_that_is_none_or_hides_something_is_not_taken_over(given: str, written: Written) -> None:
    answer = Client().get("/livez", headers={"X-Request-Id": given} if given else {})
    assert re.fullmatch("[0-9a-f]{32}", answer["X-Request-Id"])
    (line,) = access(written)
    assert line["request_id"] == line["trace_id"] == answer["X-Request-Id"]


@pytest.mark.parametrize(
    "given",
    [
        "x",
        f"00-{'0' * 32}-{CALLER['span']}-01",
        f"00-{CALLER['trace']}-{'0' * 16}-01",
        f"ff-{CALLER['trace']}-1-01",
        "é",
    ],
)
def test_a_traceparent_that_is_none_begins_a_trace_of_its_own(given: str) -> None:
    answer = Client().get("/livez", headers={"traceparent": given})
    assert answer["traceparent"].split("-")[1] == answer["X-Request-Id"]


def test_a_fault_is_one_line_beside_and_says_nothing_of_the_address(
    written: Written, monkeypatch: pytest.MonkeyPatch, mia: Person
) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("a fault of ours, for mia@example.com")

    monkeypatch.setattr("tenancy.middleware.TenantTransaction.identify", fail)
    client = Client(raise_request_exception=False)
    client.cookies = mia.client.cookies
    assert client.get(f"/{mia.member.tenant_slug}/boards/?secret=hush").status_code == 500
    (fault,) = written.of("django.request")
    (line,) = access(written)
    assert (fault["level"], fault["event"], line["status"]) == ("error", "Internal Server Error", 500)
    assert fault["request_id"] == line["request_id"]
    assert "RuntimeError: a fault of ours, for [email]" in fault["exception"]
    assert b"hush" not in b"".join(written)
