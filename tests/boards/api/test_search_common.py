"""A word that many tickets have: the newest matches are ranked, and the rest of the workspace costs nothing."""

from typing import Any

import pytest
from django.db import connection

from boards.queries.search import SEARCH_SQL
from boards.queries.visible import reader_of
from tests.cast import Person, Scene

COMMON, RANKED, LIMIT = 700, 500, 50
FILL = """
INSERT INTO boards_ticket (id, tenant_id, board_id, column_id, number, title, description, rank, created_at, updated_at)
SELECT tika_uuid7(), %(tenant)s, %(board)s, %(column)s, 1000 + n, 'ticket ' || n, '카드결제오류 100%%',
       'V' || lpad(n::text, 6, '0') || 'V', now(), now() FROM generate_series(1, %(count)s) n
"""


@pytest.fixture
def full(board: Scene) -> Scene:
    given: dict[str, Any] = {"tenant": board.workspace.id, "board": board.id, "column": board.columns["todo"]}
    with board.workspace.told(), connection.cursor() as cursor:
        cursor.execute(FILL, given | {"count": COMMON})
    return board


def titles(person: Person, query: str) -> list[str]:
    found, offset = [], 0
    while offset is not None:
        page = person.api.get(f"/api/search?q={query}&limit={LIMIT}&offset={offset}").json()
        found += [item["ticket"]["title"] for item in page["items"]]
        offset = page["next"]
    return found


def test_of_a_common_word_the_newest_are_found_a_title_first(olga: Person, full: Scene) -> None:
    full.ticket("결제 화면")
    found = titles(olga, "결제")
    assert found[0] == "결제 화면"
    assert len(found) == len(set(found)) == RANKED
    assert "ticket 1" not in found


def test_beside_a_common_word_a_rare_one_finds_the_oldest(olga: Person, full: Scene) -> None:
    assert titles(olga, "결제 699") == ["ticket 699"]


def test_signs_of_patterns_are_letters(olga: Person, full: Scene) -> None:
    full.ticket("50_percent of it")
    assert len(titles(olga, "100%25")) == RANKED
    assert titles(olga, "50_p") == ["50_percent of it"]
    assert titles(olga, "5_") == []
    assert titles(olga, "_") == ["50_percent of it"]
    assert titles(olga, "\\") == []


def test_a_common_word_shows_nothing_of_a_board_one_may_not_see(mia: Person, olga: Person, full: Scene) -> None:
    olga.api.patch(f"/api/boards/{full.id}", {"is_private": True})
    assert titles(mia, "결제") == []
    other = full.workspace.board("Open")
    other.ticket("결제 화면")
    assert titles(mia, "결제") == ["결제 화면"]


def test_a_common_word_shows_nothing_across_the_wall(zoe: Person, full: Scene) -> None:
    assert titles(zoe, "결제") == []


def test_only_the_tickets_that_are_shown_are_read(olga: Person, full: Scene) -> None:
    given = {**reader_of(olga.member), "words": ["결제"], "board": None, "limit": 21, "offset": 0}
    with full.workspace.told(), connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {SEARCH_SQL}", given)
        plan = cursor.fetchone()[0][0]["Plan"]
    # Once each, or twice where the planner knows the table too little to sort by its index.
    assert rows_read(plan, "boards_ticket") in (21, 42)


def rows_read(node: dict[str, Any], table: str) -> int:
    """Also those a filter drops."""
    each = node["Actual Rows"] + node.get("Rows Removed by Filter", 0) if node.get("Relation Name") == table else 0
    return int(each * node["Actual Loops"]) + sum(rows_read(child, table) for child in node.get("Plans", []))
