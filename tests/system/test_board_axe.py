"""axe finds nothing serious on the board, whatever is open."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from boards.verbs import columns
from tests.cast import Person, Scene
from tests.system.board_page import BoardPage
from tests.system.conftest import PHONE

Open = Callable[..., Any]


def check(at: BoardPage) -> None:
    # What is still fading in has no colour to judge.
    at.page.wait_for_timeout(300)
    found = Axe().run(at.page).response["violations"]
    grave = [
        (rule["id"], rule["help"], [node["html"][:200] for node in rule["nodes"]][:3])
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]
    assert grave == []


@pytest.fixture
def rich(board: Scene) -> Scene:
    for number in range(30):
        board.ticket(f"more {number}", labels=board.labels, assignees=[board.workspace.owner.id], priority=number % 5)
    with board.workspace.told() as owner:
        columns.change(board.columns["todo"], {"wip_limit": 1, "colour": "orange"}, by=owner)
    return board


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
def test_the_board(scheme: str, device: Any, olga: Person, rich: Scene, open_board: Open) -> None:
    check(open_board(olga, rich, color_scheme=scheme, **device))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_open_ticket(scheme: str, olga: Person, rich: Scene, open_board: Open) -> None:
    at = open_board(olga, rich, "tickets/2/", color_scheme=scheme)
    expect(at.page.locator("#ticket")).to_be_visible()
    check(at)


def test_the_board_of_a_korean_reader_who_may_not_write(vic: Person, rich: Scene, open_board: Open) -> None:
    check(open_board(vic, rich, locale="ko-KR"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_dialogs_menus_and_a_filter(scheme: str, olga: Person, rich: Scene, open_board: Open) -> None:
    at = open_board(olga, rich, color_scheme=scheme)
    at.press("?")
    check(at)
    at.press("Escape")
    at.focus("Pay page fails")
    at.press("m")
    check(at)
    at.press("Escape", ".")
    check(at)
    at.press("Escape", "Space", "ArrowRight")
    check(at)
    at.press("Escape", "c")
    check(at)
    at.page.get_by_role("button", name="Menu of column Done").click()
    at.page.get_by_role("menuitem", name="Rename").click()
    check(at)
    at.press("Escape")
    at.page.get_by_label("Filter cards by text").fill("nothing like it")
    check(at)
