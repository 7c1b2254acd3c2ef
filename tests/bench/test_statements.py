"""How many statements a request sends besides BEGIN and COMMIT, whatever the column holds; how large a snapshot is."""

import gzip
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.cast import Api, Person, Scene

FILL = """
INSERT INTO boards_ticket (id, tenant_id, board_id, column_id, number, title, description, rank, label_numbers,
    assignee_numbers, due_on, created_at, updated_at)
SELECT tika_uuid7(), %(tenant)s, %(board)s, (%(columns)s::uuid[])[1 + n %% %(spread)s], 1000 + n,
    'Checkout ' || n || ' times out for customers with a long cart', repeat('A long description. ', 20),
    'V' || lpad(n::text, 6, '0') || 'V', CASE WHEN n %% 3 = 0 THEN '{1,2}'::integer[] ELSE '{}' END,
    CASE WHEN n %% 2 = 0 THEN '{1}'::integer[] ELSE '{}' END, CASE WHEN n %% 4 = 0 THEN '2026-08-16'::date END,
    now(), now()
FROM generate_series(1, %(count)s) n
"""
RAW_AT_MOST, PACKED_AT_MOST = 160_000, 35_000


def fill(board: Scene, count: int, *, spread: int = 1) -> None:
    given: dict[str, Any] = {"tenant": board.workspace.id, "board": board.id, "columns": list(board.columns.values())}
    with board.workspace.told(), connection.cursor() as cursor:
        cursor.execute(FILL, given | {"count": count, "spread": spread})


def statements(ask: Callable[[], Any], wanted: int = 200) -> int:
    sent: list[str] = []

    def note(execute: Any, statement: str, *rest: Any) -> Any:
        sent.append(statement)
        return execute(statement, *rest)

    with connection.execute_wrapper(note):
        answer = ask()
    assert answer.status_code == wanted, answer.content
    return len(sent)


@pytest.fixture(params=["token", "session"])
def api(request: pytest.FixtureRequest, mia: Person) -> Api:
    found = mia.api if request.param == "token" else mia.session_api
    # The first use of a token is noted, which takes a statement of its own.
    assert found.get("/api/boards").status_code == 200
    return found


@pytest.fixture(params=[2, 600], ids=["a few tickets", "600 tickets"])
def filled(request: pytest.FixtureRequest, board: Scene) -> Scene:
    board.ticket("First")
    board.ticket("Second")
    fill(board, request.param)
    return board


def test_reading_a_board_takes_four_at_most(api: Api, filled: Scene) -> None:
    path = f"/api/boards/{filled.id}/snapshot"
    assert statements(lambda: api.get(path)) <= 4
    assert statements(lambda: api.get(path)) <= 4
    etag = api.get(path)["ETag"]
    assert statements(lambda: api.get(path, **{"If-None-Match": etag}), wanted=304) <= 3


def test_reading_a_ticket_takes_four_at_most(api: Api, filled: Scene) -> None:
    assert statements(lambda: api.get(f"/api/tickets/{filled.tickets[0]}")) <= 4


def test_moving_a_ticket_takes_eight_at_most(api: Api, filled: Scene) -> None:
    path, column = f"/api/tickets/{filled.tickets[0]}/position", str(filled.columns["todo"])
    assert statements(lambda: api.put(path, {"column": column, "after": str(filled.tickets[1])})) <= 8
    assert statements(lambda: api.put(path, {"column": column, "before": str(filled.tickets[1])})) <= 8
    assert statements(lambda: api.put(path, {"column": str(filled.columns["done"])})) <= 8


def test_creating_a_ticket_takes_eight_at_most(api: Api, filled: Scene) -> None:
    given: dict[str, Any] = {"column": str(filled.columns["todo"]), "title": "One more"}
    assert statements(lambda: api.post("/api/tickets", given), wanted=201) <= 8
    given |= {"labels": [str(label) for label in filled.labels], "after": str(filled.tickets[0])}
    assert statements(lambda: api.post("/api/tickets", given), wanted=201) <= 8


def test_a_thousand_tickets_are_small(mia: Person, board: Scene) -> None:
    fill(board, 1000, spread=4)
    answer = mia.api.get(f"/api/boards/{board.id}/snapshot", **{"Accept-Encoding": "gzip"})
    raw = gzip.decompress(answer.content)
    assert raw.count(b"times out") == 1000
    assert b"A long description" not in raw
    assert len(raw) <= RAW_AT_MOST
    assert len(answer.content) <= PACKED_AT_MOST
