"""Filtering a board: at once, in the page, by what is on the cards."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.cast import Person, Scene
from tests.system.board_page import BoardPage

Open = Callable[..., Any]
DUE = {"late": -1, "now": 0, "soon": 7, "far": 8}


@pytest.fixture
def dated(board: Scene, mia: Person) -> Scene:
    """In the backlog: late, now, soon, far (by due date; "soon" is Mia's) and two labelled ones."""
    today = datetime.now(ZoneInfo("Asia/Seoul")).date()
    for title, days in DUE.items():
        people = [mia.id] if title == "soon" else []
        board.ticket(title, "backlog", due_on=today + timedelta(days=days), assignees=people)
    board.ticket("red", "backlog", labels=[board.labels[0]], due_on=today)
    board.ticket("both", "backlog", labels=board.labels)
    return board


def choose(at: BoardPage, menu: str, *names: str) -> None:
    at.page.get_by_role("button", name=menu).click()
    for name in names:
        at.page.get_by_role("dialog", name=menu).get_by_role("checkbox", name=name).click()
    at.press("Escape")


@pytest.mark.parametrize(
    ("kinds", "titles"),
    [
        (["Overdue"], ["late"]),
        (["Today"], ["now", "red"]),
        (["Within 7 days"], ["now", "soon", "red"]),
        (["Later", "Overdue"], ["late", "far"]),
        (["No due date"], ["both"]),
    ],
)
def test_due_dates(kinds: list[str], titles: list[str], olga: Person, dated: Scene, open_board: Open) -> None:
    at = open_board(olga, dated)
    choose(at, "Due", *kinds)
    at.expect_column("Backlog", titles)


def test_any_of_a_kind_and_all_kinds(olga: Person, dated: Scene, open_board: Open) -> None:
    at = open_board(olga, dated)
    choose(at, "Labels", "bug", "결제")
    at.expect_column("Backlog", ["red", "both"])
    choose(at, "Due", "Today")
    at.expect_column("Backlog", ["red"])
    choose(at, "People", "Mia")
    at.expect_column("Backlog", [])
    choose(at, "People", "Mia", "Nobody")
    at.expect_column("Backlog", ["red"])


def test_text_is_found_inside_words_in_keys_and_in_hangul_however_composed(
    olga: Person, dated: Scene, open_board: Open
) -> None:
    at = open_board(olga, dated)
    field = at.page.get_by_label("Filter cards by text")
    for text, titles in (
        ("결제", ["카드결제오류"]),
        ("\u1100\u1167\u11af\u110c\u1166", ["카드결제오류"]),
        ("PAGE pay", ["Pay page fails"]),
        ("page 결제", []),
        (f"{dated.key}-2", ["카드결제오류"]),
    ):
        field.fill(text)
        at.expect_column("To do", titles)


def test_no_filter_asks_the_server(olga: Person, dated: Scene, open_board: Open) -> None:
    at = open_board(olga, dated)
    asked: list[str] = []
    at.page.on("request", lambda request: asked.append(request.url))
    at.page.get_by_label("Filter cards by text").fill("결제")
    at.expect_column("To do", ["카드결제오류"])
    at.page.get_by_label("Filter cards by text").fill("")
    choose(at, "Labels", "bug")
    choose(at, "Due", "Today")
    choose(at, "People", "Nobody")
    at.expect_column("Backlog", ["red"])
    # The browser itself looks at the icon again when the address changes.
    assert [url for url in asked if "/static/" not in url] == []


def test_a_change_by_somebody_else_comes_under_the_filter(olga: Person, dated: Scene, open_board: Open) -> None:
    at = open_board(olga, dated, "?q=fails")
    at.expect_column("To do", ["Pay page fails"])
    dated.ticket("It fails too")
    dated.ticket("It works")
    at.expect_column("To do", ["Pay page fails", "It fails too"])
    expect(at.column("To do").locator(".column-count")).to_have_text("2 of 4")
