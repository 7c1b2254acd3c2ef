"""The board without a mouse, and for those who hear it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from boards.verbs import columns, tickets
from tests.cast import Person, Scene
from tests.system.test_board_mouse import order_in

Open = Callable[..., Any]


@pytest.fixture
def five(board: Scene) -> Scene:
    for name in ("three", "four", "five"):
        board.ticket(name)
    return board


def test_arrows_walk_from_card_to_card(olga: Person, five: Scene, open_board: Open) -> None:
    at = open_board(olga, five)
    at.focus("Pay page fails")
    at.press("ArrowDown")
    assert at.focused == "카드결제오류"
    at.press("End")
    assert at.focused == "five"
    at.press("Home", "ArrowRight")
    assert at.focused == "Renew the certificate"
    at.press("ArrowRight", "ArrowRight")
    assert at.focused == "Move to the new host"
    at.press("ArrowLeft", "ArrowLeft")
    assert at.focused == "Pay page fails"


def test_each_column_is_one_stop_of_the_tab_key(olga: Person, five: Scene, open_board: Open) -> None:
    at = open_board(olga, five)
    at.focus("three")
    assert at.column("To do").locator(".card-row[tabindex='0']").count() == 1
    at.press("Tab")
    assert at.page.evaluate("document.activeElement.textContent") == "Add card"
    at.press("Shift+Tab")
    assert at.focused == "three"


def test_carrying_a_card_tells_every_step(olga: Person, five: Scene, open_board: Open) -> None:
    with five.workspace.told() as owner:
        columns.change(five.columns["in_progress"], {"wip_limit": 5}, by=owner)
    at = open_board(olga, five)
    key = f"{five.key}-1 Pay page fails"
    at.focus("Pay page fails")
    at.press("Space")
    at.expect_spoken(f"Picked up. Card {key}, position 1 of 5, column To do")
    at.press("ArrowDown", "ArrowDown")
    at.expect_spoken(f"Card {key}, position 3 of 5, column To do")
    at.press("ArrowRight")
    at.expect_spoken(f"Card {key}, position 2 of 2, column In progress, limit 2 of 5")
    assert at.focused == "Pay page fails"
    with at.answered("/position"):
        at.press("Space")
    at.expect_spoken(f"Moved. Card {key}, position 2 of 2, column In progress")
    assert at.focused == "Pay page fails"
    assert order_in(five, "in_progress") == ["Renew the certificate", "Pay page fails"]


def test_a_korean_reader_hears_korean(olga: Person, five: Scene, open_board: Open) -> None:
    at = open_board(olga, five, locale="ko-KR")
    at.focus("카드결제오류")
    at.press("Space", "ArrowDown")
    at.expect_spoken(f"{five.key}-2 카드결제오류 카드, 5개 중 3번째, To do 열")
    at.press("Escape")
    at.expect_spoken("이동을 취소했습니다")


def test_escape_puts_a_carried_card_back(olga: Person, five: Scene, open_board: Open) -> None:
    at = open_board(olga, five)
    at.focus("three")
    at.press("Space", "ArrowRight", "ArrowUp", "Escape")
    at.expect_spoken("Move cancelled")
    assert at.focused == "three"
    at.expect_column("To do", ["Pay page fails", "카드결제오류", "three", "four", "five"])
    assert order_in(five, "todo")[2] == "three"


def test_a_card_can_be_carried_into_an_empty_column(olga: Person, five: Scene, open_board: Open) -> None:
    at = open_board(olga, five)
    at.focus("Pay page fails")
    with at.answered("/position"):
        at.press("Space", "ArrowLeft", "Enter")
    at.expect_column("Backlog", ["Pay page fails"])
    assert at.focused == "Pay page fails"


def test_the_move_dialog_is_the_other_way(olga: Person, five: Scene, open_board: Open) -> None:
    at = open_board(olga, five)
    at.focus("five")
    at.press("m")
    at.page.get_by_label("Column", exact=True).select_option("Done")
    at.page.get_by_label("Bottom of the column").check()
    with at.answered("/position"):
        at.page.get_by_role("button", name="Move", exact=True).click()
    at.expect_column("Done", ["Move to the new host", "five"])
    assert at.focused == "five"


def test_c_adds_enter_opens_question_mark_helps(olga: Person, five: Scene, open_board: Open) -> None:
    at = open_board(olga, five)
    at.focus("Renew the certificate")
    at.press("c")
    at.page.keyboard.type("Made by key")
    at.press("Enter", "Escape")
    at.expect_column("In progress", ["Renew the certificate", "Made by key"])
    assert at.focused == "Renew the certificate"
    at.press("?")
    expect(at.page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    at.press("Escape")
    assert at.focused == "Renew the certificate"
    at.press("Enter")
    expect(at.page.locator("#panel")).to_contain_text("Renew the certificate")
    at.press("Escape")
    assert at.focused == "Renew the certificate"
    at.press("/")
    assert at.page.evaluate("document.activeElement.name") == "q"


def test_j_and_k_go_through_the_open_tickets(olga: Person, five: Scene, open_board: Open) -> None:
    at = open_board(olga, five)
    at.focus("Pay page fails")
    at.press("Enter")
    panel = at.page.locator("#panel")
    expect(panel).to_contain_text("Pay page fails")
    at.press("j")
    expect(panel).to_contain_text("카드결제오류")
    at.press("k", "k")
    expect(panel).to_contain_text("Pay page fails")
    at.press("Escape")
    expect(panel).to_be_hidden()
    assert at.focused == "Pay page fails"


def test_tab_stays_in_the_open_ticket(olga: Person, five: Scene, open_board: Open) -> None:
    at = open_board(olga, five, "tickets/1/")
    expect(at.page.locator("#panel")).to_contain_text("Pay page fails")
    for _ in range(60):
        at.press("Tab")
        assert at.page.evaluate("document.querySelector('#panel').contains(document.activeElement)")


def test_the_focus_survives_what_others_do(olga: Person, five: Scene, open_board: Open) -> None:
    """A card that others move or rename keeps the focus; when it leaves the board its neighbour gets it."""
    at = open_board(olga, five)
    at.focus("three")
    with five.workspace.told() as owner:
        tickets.move(five.tickets[4], five.columns["done"], by=owner)
    at.expect_column("Done", ["Move to the new host", "three"])
    assert at.focused == "three"
    with five.workspace.told() as owner:
        tickets.put_away(five.tickets[4], "archived_at", by=owner)
    at.expect_column("Done", ["Move to the new host"])
    assert at.focused == "Move to the new host"
    at.expect_spoken("is no longer on this board")


def test_a_hangul_syllable_in_the_making_is_not_sent(olga: Person, board: Scene, open_board: Open) -> None:
    at = open_board(olga, board)
    at.column("Backlog").get_by_role("button", name="Add card", exact=True).click()
    session = at.page.context.new_cdp_session(at.page)
    session.send("Input.imeSetComposition", {"text": "결", "selectionStart": 1, "selectionEnd": 1})
    at.page.evaluate(
        """() => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", isComposing: true, bubbles: true, cancelable: true}))"""
    )
    session.send("Input.insertText", {"text": "결제"})
    at.press("Enter")
    at.expect_column("Backlog", ["결제"])
