"""Requests nobody means well with: a clean 4xx in the one error shape, naming the field, and nothing written."""

import json
from typing import Any

import pytest

from tests.cast import Person, Scene

HUGE = 2**63


def assert_refused(answer: Any, status: int, field: str | None = None) -> None:
    assert answer.status_code == status, answer.content[:500]
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "details", "request_id"}
    assert error["message"]
    if field is not None:
        assert field in [detail["field"] for detail in error["details"]], error


@pytest.fixture(autouse=True)
def _nothing_written(board: Scene) -> Any:
    before = board.version
    yield
    assert board.version == before


def ticket_in(board: Scene, **fields: Any) -> dict[str, Any]:
    return {"column": str(board.columns["todo"]), "title": "x", **fields}


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"title": "nul \x00 here"}, "title"),
        ({"description": "nul \x00 here"}, "description"),
        ({"override_reason": "\x00"}, "override_reason"),
        ({"title": ""}, "title"),
        ({"title": "x" * 256}, "title"),
        ({"title": 7}, "title"),
        ({"title": None}, "title"),
        ({"title": ["x"]}, "title"),
        ({"description": "x" * 200_001}, "description"),
        ({"column": HUGE}, "column"),
        ({"column": "9223372036854775808"}, "column"),
        ({"column": "'; DROP TABLE boards_ticket; --"}, "column"),
        ({"assignees": ["01a20ad3-716b-7a28-ba06-24d9a3794104"] * 101}, "assignees"),
        ({"assignees": "everybody"}, "assignees"),
        ({"assignees": [HUGE]}, "assignees.0"),
        ({"labels": {"0": "x"}}, "labels"),
        ({"labels": [["x"]]}, "labels.0"),
        ({"estimate": HUGE}, "estimate"),
        ({"estimate": -1}, "estimate"),
        ({"estimate": "NaN"}, "estimate"),
        ({"estimate": "Infinity"}, "estimate"),
        ({"estimate": 1.001}, "estimate"),
        ({"estimate": True}, "estimate"),
        ({"due_on": "yesterday"}, "due_on"),
        ({"due_on": "2026-02-30"}, "due_on"),
        ({"due_on": HUGE}, "due_on"),
        ({"priority": 4}, "priority"),
        ({"priority": "URGENT"}, "priority"),
        ({"nmae": "x"}, "nmae"),
        ({"__proto__": {"x": 1}}, "__proto__"),
        ({"id": "01a20ad3-716b-7a28-ba06-24d9a3794104"}, "id"),
        ({"tenant_id": "01a20ad3-716b-7a28-ba06-24d9a3794104"}, "tenant_id"),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_a_bad_field_is_named(mia: Person, board: Scene, fields: dict[str, Any], named: str) -> None:
    assert_refused(mia.api.post("/api/tickets", ticket_in(board, **fields)), 422, named)


def test_a_hundred_thousand_assignees(mia: Person, board: Scene) -> None:
    crowd = [str(mia.id)] * 100_000
    assert_refused(mia.api.post("/api/tickets", ticket_in(board, assignees=crowd)), 413)
    # Two million bytes is where a body ends; below it the list's own length does.
    assert_refused(mia.api.post("/api/tickets", ticket_in(board, assignees=crowd[:40_000])), 422, "assignees")


@pytest.mark.parametrize("keyed", [False, True])
def test_a_body_of_ten_megabytes(mia: Person, board: Scene, keyed: bool) -> None:
    headers = {"Idempotency-Key": "big"} if keyed else {}
    body = json.dumps(ticket_in(board, description="x" * 10_000_000)).encode()
    assert_refused(mia.api.raw("post", "/api/tickets", body, **headers), 413)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"nothing",
        b'{"title": NaN}',
        b'{"estimate": Infinity}',
        b'{"title": "\\ud800"}',
        b'{"title": "\\udfff\\ud800"}',
        b'{"title": "\xff\xfe"}',
        b'{"title": "\xed\xa0\x80"}',
        b'{"title": "a" "b"}',
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b'{"a":' * 1000 + b"1" + b"}" * 1000,
    ],
    ids=lambda body: repr(body[:24]),
)
def test_what_is_no_json_is_refused_with_the_place(mia: Person, body: bytes) -> None:
    answer = mia.api.raw("post", "/api/tickets", body)
    assert answer.status_code in {400, 422}
    assert_refused(answer, answer.status_code)


@pytest.mark.parametrize("body", [[], [{}], "text", 7, True, None])
def test_json_that_is_no_object_is_refused(mia: Person, body: Any) -> None:
    assert_refused(mia.api.raw("post", "/api/tickets", json.dumps(body).encode()), 422)


def test_a_key_that_stands_twice_is_refused_by_name(mia: Person, board: Scene) -> None:
    """Which of the two counts is each parser's guess: a filter in front may have read the other."""
    column = str(board.columns["todo"])
    body = f'{{"column": "{column}", "title": "seen", "title": "meant"}}'.encode()
    assert_refused(mia.api.raw("post", "/api/tickets", body), 422, "title")
    nested = f'{{"column": "{column}", "title": "x", "labels": [{{"a": 1, "b": 2, "a": 3}}]}}'.encode()
    assert_refused(mia.api.raw("post", "/api/tickets", nested), 422, "a")


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("limit=-1", "limit"),
        ("limit=0", "limit"),
        ("limit=501", "limit"),
        (f"limit={HUGE}", "limit"),
        ("limit=NaN", "limit"),
        ("limit=1.5", "limit"),
        ("cursor=-1", "cursor"),
        ("cursor=%00", "cursor"),
        ("cursor=" + "A" * 65, "cursor"),
        ("cursor=%ED%A0%80", "cursor"),
        ("page=-1", "page"),
        ("board=9223372036854775808", "board"),
        ("label='", "label"),
        ("due_before=0000-00-00", "due_before"),
        ("priority=5", "priority"),
        ("archived=perhaps", "archived"),
        ("fields=title,password", "fields"),
        ("fields=%00", "fields"),
        ("tenant=x", "tenant"),
    ],
)
def test_a_bad_parameter_is_named(mia: Person, query: str, named: str) -> None:
    assert_refused(mia.api.get(f"/api/tickets?{query}"), 422, named)


@pytest.mark.parametrize("since", ["-1", str(HUGE), str(-HUGE), "1e9", "NaN", "", "9" * 400])
def test_a_version_that_cannot_be(mia: Person, board: Scene, since: str) -> None:
    assert_refused(mia.api.get(f"/api/boards/{board.id}/changes?since={since}"), 422, "since")


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("q=", "q"),
        ("q=%00", "q"),
        ("q=" + "x" * 201, "q"),
        ("q=x&offset=-1", "offset"),
        (f"q=x&offset={HUGE}", "offset"),
    ],
)
def test_a_search_that_cannot_be(mia: Person, query: str, named: str) -> None:
    assert_refused(mia.api.get(f"/api/search?{query}"), 422, named)


@pytest.mark.parametrize("the_id", [str(HUGE), "-1", "0", "NaN", "%00", "..%2F..", "1' OR '1'='1", "x" * 3000])
def test_an_id_that_cannot_be_is_not_found(mia: Person, the_id: str) -> None:
    assert_refused(mia.api.get(f"/api/tickets/{the_id}"), 404)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/xml"])
def test_another_kind_of_body_is_refused(mia: Person, kind: str) -> None:
    answer = mia.api.raw("post", "/api/tickets", b'{"title": "x"}', kind)
    assert_refused(answer, 415)
