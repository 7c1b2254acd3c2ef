"""How many statements a request sends, authentication included, BEGIN and COMMIT apart (ADR 2)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Api, Person, Scene

MARKS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def count(work: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert work().status_code < 400
    return sum(not query["sql"].startswith(MARKS) for query in seen.captured_queries)


@pytest.mark.parametrize("way", ["token", "session"])
def test_the_busiest_routes_keep_to_their_budget(way: str, board: Scene, olga: Person) -> None:
    api: Api = olga.api if way == "token" else olga.session_api
    api.get("/api/boards")  # notes the token's use
    snapshot, ticket = f"/api/boards/{board.id}/snapshot", f"/api/tickets/{board.tickets[0]}"
    etag = api.get(snapshot).headers["ETag"]
    assert count(lambda: api.get(snapshot, **{"If-None-Match": etag})) <= 3
    assert count(lambda: api.get(ticket)) <= 4
    column = str(board.columns["todo"])
    assert count(lambda: api.post("/api/tickets", {"title": "New", "column": column})) <= 8
    assert count(lambda: api.put(f"{ticket}/position", {"column": column, "after": str(board.tickets[1])})) <= 8
    assert count(lambda: api.get(snapshot)) <= 4
