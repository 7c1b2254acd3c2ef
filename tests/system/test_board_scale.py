"""Five thousand tickets on one board: the page holds what is near the viewport, and stays quick."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.cast import Person, Scene, Workspace

Open = Callable[..., Any]
MANY = 5000
MOST_NODES = 3000
FILL = """
INSERT INTO boards_ticket (id, tenant_id, board_id, column_id, number, title, rank, created_at, updated_at)
SELECT gen_random_uuid(), %(tenant)s, %(board)s, (%(columns)s::uuid[])[1 + n %% %(spread)s], n,
       'ticket ' || n || repeat(' with a longer title', n %% 4), 'V' || lpad(n::text, 6, '0') || 'V', now(), now()
FROM generate_series(1, %(count)s) n
"""
NODES = "document.querySelectorAll('*').length"
SCROLL = """async () => {
    const grid = document.querySelector(".column-cards");
    const holes = [];
    for (let step = 0; step < 60; step += 1) {
        grid.scrollTop += step < 30 ? 900 : -310;
        await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        const box = grid.getBoundingClientRect();
        const rows = [...grid.querySelectorAll(".card-row")].map((row) => row.getBoundingClientRect());
        if (Math.min(...rows.map((row) => row.top)) > box.top + 8) holes.push(step);
        if (Math.max(...rows.map((row) => row.bottom)) < box.bottom - 8) holes.push(step);
    }
    return holes;
}"""


@pytest.fixture
def fill(workspace: Workspace) -> Callable[..., Scene]:
    def make(*, spread: int) -> Scene:
        scene = workspace.board("Large")
        given: dict[str, Any] = {"tenant": workspace.id, "board": scene.id, "columns": list(scene.columns.values())}
        with workspace.told(), connection.cursor() as cursor:
            cursor.execute(FILL, given | {"count": MANY, "spread": spread})
        return scene

    return make


@pytest.mark.parametrize("spread", [1, 4])
def test_the_page_stays_small(spread: int, olga: Person, fill: Callable[..., Scene], open_board: Open) -> None:
    at = open_board(olga, fill(spread=spread))
    assert 0 < at.page.evaluate(NODES) <= MOST_NODES
    assert at.page.evaluate(SCROLL) == []
    assert at.page.evaluate(NODES) <= MOST_NODES
    assert at.page.evaluate("performance.getEntriesByName('tika:board-painted').length") == 1


def test_it_stays_small_on_a_very_large_screen(olga: Person, fill: Callable[..., Scene], open_board: Open) -> None:
    at = open_board(olga, fill(spread=4), viewport={"width": 3840, "height": 2160})
    assert at.page.evaluate(NODES) <= MOST_NODES


def test_the_last_of_five_thousand_is_one_key_away(olga: Person, fill: Callable[..., Scene], open_board: Open) -> None:
    at = open_board(olga, fill(spread=1))
    at.page.locator(".card-row").first.focus()
    at.press("End")
    row = at.page.locator(".card-row:focus")
    assert row.get_attribute("aria-rowindex") == str(MANY)
    assert at.page.locator(".column-cards").first.get_attribute("aria-rowcount") == str(MANY)
    at.page.evaluate("document.querySelector('.column-cards').scrollTop = 0")
    at.page.wait_for_timeout(100)
    assert row.get_attribute("aria-rowindex") == str(MANY), "the focus stays on its card, wherever is scrolled"
    at.press("ArrowUp")
    assert at.page.locator(".card-row:focus").get_attribute("aria-rowindex") == str(MANY - 1)


def test_a_filter_answers_while_typing(olga: Person, fill: Callable[..., Scene], open_board: Open) -> None:
    at = open_board(olga, fill(spread=4))
    at.page.get_by_label("Filter cards by text").fill("ticket 4999")
    at.wait(lambda: sum(len(titles) for titles in at.shown.values()) == 1)
    assert "4999" in at.page.locator(".card-title").inner_text()
