"""axe finds nothing serious on the board, whatever is open."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FilePayload, expect

from boards.verbs import checklists, columns, comments
from boards.verbs.editing import edit
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


@pytest.fixture
def full(rich: Scene, mia: Person) -> Scene:
    """Everything is on the second ticket."""
    ticket = rich.tickets[1]
    with rich.workspace.told() as owner:
        checklist = checklists.create(ticket, "Before the release", by=owner)
        checklists.change_item(checklists.add_item(checklist, "로그 확인", by=owner), {"is_done": True}, by=owner)
        checklists.add_item(checklist, "Tell support", by=owner)
        edit(ticket, {"labels": rich.labels, "assignees": [mia.id, owner.id], "priority": 4}, by=owner)
        comments.create(ticket, "@Mia `x` and\n\n> a quote\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done", by=owner)
    return rich


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
def test_an_open_ticket(scheme: str, device: Any, olga: Person, full: Scene, open_board: Open) -> None:
    at = open_board(olga, full, "tickets/2/", color_scheme=scheme, **device)
    file: FilePayload = {"name": "log.txt", "mimeType": "text/plain", "buffer": b"x"}
    at.page.set_input_files("#ticket [data-files-input]", file)
    expect(at.page.locator("#attachment-list > li")).to_have_count(1)
    at.panel.get_by_text("History").click()
    expect(at.page.locator("#history-events li").first).to_be_visible()
    check(at)
    at.panel.get_by_role("button", name="Label", exact=True).click()
    check(at)
    at.press("Escape")
    at.panel.get_by_role("button", name="Edit the title").click()
    at.panel.get_by_role("button", name="Edit the description").click()
    section = at.page.locator("#editor-description")
    section.get_by_role("textbox", name="Description").fill("Mine")
    with full.workspace.told() as owner:
        edit(full.tickets[1], {"description": "Theirs"}, by=owner)
    expect(section.locator("[data-changed]")).to_be_visible()
    check(at)
    section.get_by_role("button", name="Show").click()
    check(at)
    at.page.get_by_role("button", name="Back to my text").click()
    at.panel.get_by_role("textbox", name="Write a comment").press_sequentially("@")
    expect(at.page.get_by_role("listbox", name="People to name")).to_be_visible()
    check(at)
    assert at.panel.evaluate("(panel) => panel.scrollWidth <= panel.clientWidth")


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
