"""The board by mouse: drag and drop, adding, filtering, columns, the ticket's drawer."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from boards.verbs import columns
from tests.cast import Person, Scene, run_sql

Open = Callable[..., Any]


@pytest.fixture
def five(board: Scene) -> Scene:
    """Column "To do" with cards one to five; beside it one card in progress, one done."""
    for name in ("three", "four", "five"):
        board.ticket(name)
    return board


def order_in(board: Scene, column: str) -> list[str]:
    query = "SELECT title FROM boards_ticket WHERE column_id = %s AND archived_at IS NULL ORDER BY rank"
    return [row[0] for row in run_sql(query, [board.columns[column]], tenant=board.workspace.id)]


def drag(page: Page, source: Any, target: Any, *, below: bool = False) -> None:
    start, end = source.bounding_box(), target.bounding_box()
    page.mouse.move(start["x"] + 60, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(start["x"] + 70, start["y"] + 20)
    page.mouse.move(end["x"] + 70, end["y"] + (end["height"] * 0.8 if below else 4), steps=6)


def test_a_card_dropped_in_another_column_stays_there(olga: Person, five: Scene, open_board: Open) -> None:
    at = open_board(olga, five)
    with at.answered("/position"):
        drag(at.page, at.card("Pay page fails"), at.card("Renew the certificate"), below=True)
        expect(at.page.locator(".drop-line")).to_be_visible()
        at.page.mouse.up()
        at.expect_column("In progress", ["Renew the certificate", "Pay page fails"])
    assert order_in(five, "in_progress") == ["Renew the certificate", "Pay page fails"]
    at.page.reload()
    at.loaded()
    at.expect_column("In progress", ["Renew the certificate", "Pay page fails"])


def test_the_click_that_ends_a_drag_opens_nothing(olga: Person, five: Scene, open_board: Open) -> None:
    at = open_board(olga, five)
    drag(at.page, at.card("five"), at.card("three"))
    at.page.mouse.up()
    at.expect_column("To do", ["Pay page fails", "카드결제오류", "five", "three", "four"])
    expect(at.page.locator("#panel")).to_be_hidden()


def test_escape_while_dragging_puts_the_card_back(olga: Person, five: Scene, open_board: Open) -> None:
    at = open_board(olga, five)
    drag(at.page, at.card("three"), at.card("Move to the new host"))
    at.press("Escape")
    at.page.mouse.up()
    expect(at.page.locator(".drag-ghost")).to_have_count(0)
    assert order_in(five, "todo") == ["Pay page fails", "카드결제오류", "three", "four", "five"]
    at.expect_spoken("Move cancelled")


def test_holding_a_card_at_the_edge_scrolls_the_column(olga: Person, board: Scene, open_board: Open) -> None:
    for number in range(40):
        board.ticket(f"card {number}", "backlog")
    at = open_board(olga, board)
    grid = at.column("Backlog").locator(".column-cards")
    box = grid.bounding_box()
    drag(at.page, at.card("card 0"), at.card("card 2"))
    at.page.mouse.move(box["x"] + 80, box["y"] + box["height"] - 6, steps=4)
    at.wait(lambda: grid.evaluate("(grid) => grid.scrollTop + grid.clientHeight >= grid.scrollHeight - 1"))
    with at.answered("/position"):
        at.page.mouse.up()
    assert order_in(board, "backlog").index("card 0") >= 37
    expect(at.page.locator(".drag-ghost")).to_have_count(0)


def test_a_move_under_a_filter_lands_between_the_visible_neighbours(
    olga: Person, board: Scene, open_board: Open
) -> None:
    for name in ("red 1", "hidden", "red 2", "red 3"):
        board.ticket(name)
    at = open_board(olga, board, "?q=red")
    at.expect_column("To do", ["red 1", "red 2", "red 3"])
    with at.answered("/position"):
        drag(at.page, at.card("red 3"), at.card("red 2"))
        at.page.mouse.up()
    at.expect_column("To do", ["red 1", "red 3", "red 2"])
    expected = ["Pay page fails", "카드결제오류", "red 1", "red 3", "hidden", "red 2"]
    assert order_in(board, "todo") == expected
    at.page.get_by_role("button", name="Clear filter").click()
    at.expect_column("To do", expected)


def test_a_refused_move_goes_back_with_a_sentence_and_may_be_overridden(
    olga: Person, five: Scene, open_board: Open
) -> None:
    with five.workspace.told() as owner:
        columns.change(five.columns["in_progress"], {"wip_limit": 1}, by=owner)
    at = open_board(olga, five)
    drag(at.page, at.card("three"), at.card("Renew the certificate"))
    at.page.mouse.up()
    expect(at.page.locator("#toasts .toast")).to_contain_text("went back to its place")
    at.expect_column("In progress", ["Renew the certificate"])
    dialog = at.page.get_by_role("alertdialog", name="This column is full")
    expect(dialog).to_contain_text("holds 1 of 1")
    dialog.get_by_label("Reason").fill("blocks the release")
    with at.answered("/position"):
        at.press("Enter")
    at.expect_column("In progress", ["three", "Renew the certificate"])
    assert order_in(five, "in_progress") == ["three", "Renew the certificate"]
    reasons = run_sql("SELECT reason FROM audit_entry WHERE reason <> ''", tenant=five.workspace.id)
    assert reasons == [("blocks the release",)]


def test_adding_stays_open_for_the_next_card(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board)
    at.column("Backlog").get_by_role("button", name="Add card", exact=True).click()
    at.page.keyboard.type("First")
    at.press("Enter")
    at.page.keyboard.type("Second")
    at.press("Enter")
    at.expect_column("Backlog", ["First", "Second"])
    expect(at.card("Second").locator(".card-key")).to_have_text(re.compile(r"-\d+$"))
    assert order_in(board, "backlog") == ["First", "Second"]
    at.press("Escape")
    expect(at.page.locator(".composer-input")).to_have_count(0)


def test_a_draft_outlives_a_reload(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board)
    at.column("Done").get_by_role("button", name="Add card", exact=True).click()
    at.page.keyboard.type("Half a thou")
    at.page.reload()
    at.loaded()
    expect(at.page.locator(".composer-input")).to_have_value("Half a thou")


def test_markup_in_a_title_stays_text(olga: Person, board: Scene, open_board: Open) -> None:
    title = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    board.ticket(title)
    at = open_board(olga, board)
    expect(at.card(title)).to_be_visible()
    assert at.page.locator("#board img, #board script").count() == 0


def test_filters_hold_at_once_and_live_in_the_address(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board)
    at.page.get_by_role("button", name="Labels").click()
    at.page.get_by_role("checkbox", name="bug").check()
    at.press("Escape")
    at.page.get_by_role("button", name="People").click()
    at.page.get_by_role("checkbox", name="Olga (you)").check()
    at.press("Escape")
    at.expect_column("To do", [])
    at.expect_column("In progress", ["Renew the certificate"])
    assert re.search(r"\?labels=\d+&people=\d+$", at.page.url)
    at.page.get_by_label("Filter cards by text").fill("nothing like it")
    expect(at.page.locator("#nothing")).to_contain_text("No card matches the filter")
    at.page.locator("#nothing").get_by_role("button", name="Clear filter").click()
    at.expect_column("Done", ["Move to the new host"])
    assert at.page.url.endswith(at.address)


def test_a_card_opens_under_its_own_address_and_back_closes_it(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board)
    at.card("카드결제오류").click()
    panel = at.page.get_by_role("dialog").and_(at.page.locator("#panel"))
    expect(panel).to_contain_text("카드결제오류")
    assert at.page.url.endswith("/tickets/2/")
    at.page.go_back()
    expect(panel).to_be_hidden()
    assert at.focused == "카드결제오류"
    at.page.go_forward()
    expect(panel).to_be_visible()
    at.press("Escape")
    expect(panel).to_be_hidden()
    at.wait(lambda: at.page.url.endswith(at.address))


def test_a_tickets_address_opens_the_board_with_it(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board, "tickets/1/")
    expect(at.page.locator("#panel")).to_contain_text("Pay page fails")
    at.expect_column("To do", ["Pay page fails", "카드결제오류"])


def test_columns_are_made_changed_moved_folded_and_archived(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board)
    at.page.get_by_role("button", name="Add column").click()
    at.page.keyboard.type("Review")
    at.press("Enter")
    expect(at.column("Review")).to_be_visible()
    at.press("Escape")
    at.page.get_by_role("button", name="Menu of column Review").click()
    at.page.get_by_role("menuitem", name="Set WIP limit").click()
    at.page.get_by_label("WIP limit").fill("3")
    at.page.get_by_label("Purple").check(force=True)
    at.press("Enter")
    expect(at.column("Review").locator(".column-count")).to_have_text("0 / 3")
    assert at.column("Review").get_attribute("data-colour") == "purple"
    at.page.get_by_role("button", name="Menu of column Review").click()
    at.page.get_by_role("menuitem", name="Move left").click()
    at.wait(lambda: list(at.shown)[-2:] == ["Review", "Done"])
    at.page.get_by_role("button", name="Menu of column Review").click()
    at.page.get_by_role("menuitem", name="Collapse").click()
    at.page.reload()
    at.loaded()
    at.page.get_by_role("button", name="Expand column Review").click()
    at.page.get_by_role("button", name="Menu of column Review").click()
    at.page.get_by_role("menuitem", name="Archive column").click()
    at.page.get_by_role("button", name="Archive column").click()
    expect(at.column("Review")).to_have_count(0)


def test_archiving_a_card_can_be_undone(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board)
    at.card("Pay page fails").hover()
    at.card("Pay page fails").get_by_role("button", name="Card menu").click()
    at.page.get_by_role("menuitem", name="Archive").click()
    at.expect_column("To do", ["카드결제오류"])
    at.page.get_by_role("button", name="Undo").click()
    at.expect_column("To do", ["Pay page fails", "카드결제오류"])


def test_a_reader_is_offered_nothing_to_change(vic: Person, board: Scene, open_board: Open) -> None:
    at = open_board(vic, board)
    at.expect_column("To do", ["Pay page fails", "카드결제오류"])
    for name in ("Add card", "Add column", "Card menu"):
        assert at.page.get_by_role("button", name=name).count() == 0
    drag(at.page, at.card("Pay page fails"), at.card("Move to the new host"))
    expect(at.page.locator(".drag-ghost")).to_have_count(0)
    at.page.mouse.up()


def test_search_finds_inside_korean_words_and_opens_the_ticket(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board)
    at.press("/")
    at.page.keyboard.type("결제")
    results = at.page.get_by_role("listbox", name="Search results")
    expect(results.get_by_role("option").first).to_contain_text("카드결제오류")
    expect(results.locator("mark").first).to_have_text("결제")
    at.press("ArrowDown", "Enter")
    expect(at.page.locator("#panel")).to_contain_text("카드결제오류")
