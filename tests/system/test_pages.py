"""The pages around the board in a browser: list, settings, archive, search."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, Route, expect

from boards.models import Board, Column
from boards.verbs import boards, comments, tickets
from tests.cast import Person, Scene, Workspace
from tests.system.conftest import PHONE

Visit = Callable[..., BrowserContext]


def grave(page: Page) -> list[Any]:
    # What is still fading in has no colour to judge.
    page.wait_for_timeout(300)
    found = Axe().run(page).response["violations"]
    return [(rule["id"], rule["nodes"][0]["html"][:200]) for rule in found if rule["impact"] in ("serious", "critical")]


@pytest.fixture
def kept(board: Scene) -> Scene:
    """One ticket archived, one in the trash, a comment on the second."""
    for title, place in (("Old news", "archived_at"), ("Never mind", "trashed_at")):
        ticket = board.ticket(title)
        with board.workspace.told() as owner:
            tickets.put_away(ticket, place, by=owner)
    with board.workspace.told() as owner:
        comments.create(board.tickets[0], "환불 절차도 확인해 주세요", by=owner)
    return board


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [{}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_serious_and_nothing_is_too_wide(
    scheme: str, device: dict[str, Any], olga: Person, kept: Scene, visit: Visit
) -> None:
    page = visit(olga, color_scheme=scheme, **device).new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    here = f"/{kept.workspace.slug}/"
    at = f"{here}boards/{kept.key}/"
    paths = ["", "boards/new", "imports/", "imports/new", "search/", "search/?q=결제", "search/?q=nowhere"]
    for path in [here + path for path in paths] + [
        at + path for path in ("settings/", "archive/", "archive/?show=trash")
    ]:
        page.goto(path)
        assert grave(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert complaints == []


def test_search_marks_what_it_found_also_inside_korean_words(olga: Person, kept: Scene, visit: Visit) -> None:
    page = visit(olga).new_page()
    page.goto(f"/{kept.workspace.slug}/search/?q=결제")
    found = page.get_by_role("list", name="Found").get_by_role("listitem")
    expect(found).to_have_count(1)
    expect(found.get_by_role("link")).to_have_text("카드결제오류")
    expect(found.locator("mark")).to_have_text("결제")
    page.get_by_label("Words").fill("절차")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(found).to_contain_text("Comment:")
    expect(found.locator("mark")).to_have_text("절차")
    found.get_by_role("link", name="Pay page fails").click()
    expect(page.locator("#panel")).to_contain_text("환불 절차도 확인해 주세요")


def test_search_finds_the_archived_and_not_the_trashed(olga: Person, kept: Scene, visit: Visit) -> None:
    page = visit(olga).new_page()
    page.goto(f"/{kept.workspace.slug}/search/?q=news")
    expect(page.get_by_role("list", name="Found")).to_contain_text("archived")
    page.goto(f"/{kept.workspace.slug}/search/?q=never+mind")
    expect(page.get_by_role("heading", name="Nothing holds “never mind”")).to_be_visible()


@contextmanager
def opened_before(script: str, page: Page, path: str) -> Iterator[None]:
    """The page without that script, which comes when this ends."""
    held: list[Route] = []
    page.route(script, lambda route: held.append(route))
    with page.expect_request(script):
        page.goto(path, wait_until="commit")
    yield
    held.pop().continue_()


def test_who_types_before_the_search_has_loaded_is_answered(olga: Person, board: Scene, visit: Visit) -> None:
    board.ticket("엘리베이터 점검")
    page = visit(olga).new_page()
    with opened_before("**/search*.js", page, f"/{board.workspace.slug}/"):
        page.locator("#search input").fill("점검")
    expect(page.locator("#search").get_by_role("option")).to_contain_text("엘리베이터 점검")


def test_markup_in_a_search_and_in_what_it_finds_stays_text(olga: Person, board: Scene, visit: Visit) -> None:
    attack = "<img src=x onerror=window.hit=1>"
    board.ticket(f"{attack} 결제")
    page = visit(olga).new_page()
    page.goto(f"/{board.workspace.slug}/search/?q={attack}")
    expect(page.get_by_role("list", name="Found").locator("mark").first).to_have_text("<img")
    page.locator("#search input").fill("onerror")
    expect(page.locator("#search").get_by_role("option").first).to_contain_text(attack)
    assert page.locator("main img, #search img").count() == 0
    assert page.evaluate("window.hit") is None


def test_settings_change_the_board_in_place(olga: Person, board: Scene, visit: Visit) -> None:
    page = visit(olga).new_page()
    page.goto(f"/{board.workspace.slug}/boards/{board.key}/settings/")
    page.get_by_label("New label").fill("긴급")
    page.get_by_role("button", name="Add label").click()
    expect(page.locator("#labels .label")).to_have_text(["bug", "결제", "긴급"])
    expect(page.get_by_label("New label")).to_have_value("")
    row = page.locator("#columns > li").nth(1)
    row.get_by_label("Limit").fill("3")
    row.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("Saved.")
    row.get_by_role("button", name="Move To do one to the front").click()
    expect(page.locator("#columns > li").first.get_by_label("Name")).to_have_value("To do")
    with board.workspace.told():
        first = Column.objects.filter(board_id=board.id).order_by("rank").first()
    assert first is not None
    assert (first.name, first.wip_limit) == ("To do", 3)


def test_a_form_sent_before_its_script_has_come_is_answered(olga: Person, board: Scene, visit: Visit) -> None:
    page = visit(olga).new_page()
    with opened_before("**/pages/forms.js", page, f"/{board.workspace.slug}/boards/{board.key}/settings/"):
        page.get_by_label("New label").fill("긴급")
        page.get_by_role("button", name="Add label").click()
    expect(page.locator("#labels .label")).to_have_text(["bug", "결제", "긴급"])


def test_a_form_sent_before_its_question_has_come_asks_it(olga: Person, board: Scene, visit: Visit) -> None:
    page = visit(olga).new_page()
    with opened_before("**/shell.js", page, f"/{board.workspace.slug}/boards/{board.key}/settings/"):
        page.get_by_role("button", name="Put in the trash").click()
    expect(page.get_by_role("alertdialog")).to_contain_text("in the trash?")
    with board.workspace.told():
        assert Board.objects.get(pk=board.id).trashed_at is None


def test_the_archive_gives_a_ticket_back(olga: Person, kept: Scene, visit: Visit) -> None:
    page = visit(olga).new_page()
    page.goto(f"/{kept.workspace.slug}/boards/{kept.key}/archive/")
    page.get_by_role("button", name="Restore Old news").click()
    expect(page.locator("#toasts")).to_contain_text("The ticket is back on the board.")
    expect(page.get_by_role("heading", name="Nothing is archived")).to_be_visible()


def test_the_first_board_is_made_from_the_empty_list(workspace: Workspace, olga: Person, visit: Visit) -> None:
    page = visit(olga, **PHONE).new_page()
    page.goto(f"/{workspace.slug}/")
    page.get_by_role("link", name="Create a board").click()
    page.get_by_role("textbox", name="Name").fill("출시 준비")
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="출시 준비")).to_be_visible()
    expect(page.locator(".column")).to_have_count(4)


def test_without_scripts_a_sentence_says_what_is_missing(olga: Person, board: Scene, visit: Visit) -> None:
    page = visit(olga, java_script_enabled=False).new_page()
    page.goto(f"/{board.workspace.slug}/boards/{board.key}/")
    expect(page.locator("noscript p")).to_be_visible()
    expect(page.locator("noscript p")).to_contain_text("The board needs JavaScript.")


def test_a_board_made_private_closes_for_those_it_leaves_out(mia: Person, board: Scene, visit: Visit) -> None:
    page = visit(mia).new_page()
    page.goto(f"/{board.workspace.slug}/boards/{board.key}/tickets/1/")
    expect(page.locator("#ticket")).to_be_visible()
    with board.workspace.told() as owner:
        boards.change(board.id, {"is_private": True}, by=owner)
    expect(page.locator("#main")).to_contain_text("You can no longer see this board")
    expect(page.locator("#panel")).to_be_hidden()
    page.get_by_role("link", name="To your boards").click()
    expect(page.get_by_role("heading", name="No board to see yet")).to_be_visible()
