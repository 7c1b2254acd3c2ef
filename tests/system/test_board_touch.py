"""The board on a phone: 390 pixels wide, by finger."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import CDPSession, expect

from tests.cast import Person, Scene
from tests.system.conftest import PHONE
from tests.system.test_board_mouse import order_in

Open = Callable[..., Any]
LONG_PRESS = 450


class Finger:
    """One finger on the glass."""

    def __init__(self, session: CDPSession) -> None:
        self.session = session

    def touch(self, kind: str, *points: tuple[float, float]) -> None:
        given = [{"x": x, "y": y} for x, y in points]
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": given})

    def down(self, x: float, y: float) -> None:
        self.at = (x, y)
        self.touch("touchStart", self.at)

    def slide(self, x: float, y: float, steps: int = 8) -> None:
        start = self.at
        for step in range(1, steps + 1):
            self.at = (start[0] + (x - start[0]) * step / steps, start[1] + (y - start[1]) * step / steps)
            self.touch("touchMove", self.at)

    def up(self) -> None:
        self.touch("touchEnd")


@pytest.fixture
def long(board: Scene) -> Scene:
    for number in range(1, 16):
        board.ticket(f"card {number}", "backlog")
    return board


def middle(locator: Any) -> tuple[float, float]:
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def open_with_finger(open_board: Open, person: Person, scene: Scene) -> tuple[Any, Finger]:
    at = open_board(person, scene, **PHONE)
    return at, Finger(at.page.context.new_cdp_session(at.page))


def test_a_long_press_picks_up_and_a_slide_carries(olga: Person, long: Scene, open_board: Open) -> None:
    at, finger = open_with_finger(open_board, olga, long)
    finger.down(*middle(at.card("card 1")))
    at.page.wait_for_timeout(LONG_PRESS)
    expect(at.page.locator(".drag-ghost")).to_be_visible()
    x, y = middle(at.card("card 3"))
    with at.answered("/position"):
        finger.slide(x, y + 20)
        finger.up()
    assert order_in(long, "backlog")[:4] == ["card 2", "card 3", "card 1", "card 4"]
    expect(at.page.locator("#panel")).to_be_hidden()


def test_scrolling_never_drags(olga: Person, long: Scene, open_board: Open) -> None:
    at, finger = open_with_finger(open_board, olga, long)
    x, y = middle(at.card("card 5"))
    finger.down(x, y)
    finger.slide(x, y - 250)
    at.page.wait_for_timeout(LONG_PRESS)
    expect(at.page.locator(".drag-ghost")).to_have_count(0)
    finger.up()
    at.wait(lambda: at.page.evaluate("document.querySelector('.column-cards').scrollTop") > 100, "it did not scroll")
    assert order_in(long, "backlog")[:2] == ["card 1", "card 2"]


def test_a_drag_to_the_edge_brings_the_next_column(olga: Person, long: Scene, open_board: Open) -> None:
    at, finger = open_with_finger(open_board, olga, long)
    finger.down(*middle(at.card("card 2")))
    at.page.wait_for_timeout(LONG_PRESS)
    with at.answered("/position"):
        finger.slide(384, 300)
        at.wait(lambda: at.page.evaluate("document.querySelector('#board').scrollLeft") > 250)
        finger.slide(180, 240)
        finger.up()
    assert "card 2" in order_in(long, "todo")


def test_a_tap_opens_and_the_menu_moves(olga: Person, long: Scene, open_board: Open) -> None:
    at, _ = open_with_finger(open_board, olga, long)
    at.card("card 1").get_by_role("button", name="Card menu").tap()
    at.page.get_by_role("menuitem", name="Move…").tap()
    at.page.get_by_label("Column", exact=True).select_option("Done")
    with at.answered("/position"):
        at.page.get_by_role("button", name="Move", exact=True).tap()
    assert order_in(long, "done")[0] == "card 1"
    at.card("card 1").tap()
    panel = at.page.locator("#panel")
    expect(panel).to_contain_text("card 1")
    assert round(panel.bounding_box()["width"]) == 390
    panel.get_by_role("button", name="Close", exact=True).first.tap()
    expect(panel).to_be_hidden()


def test_nothing_is_wider_than_the_screen(olga: Person, long: Scene, open_board: Open) -> None:
    at, _ = open_with_finger(open_board, olga, long)
    assert at.page.evaluate("document.documentElement.scrollWidth") <= 390
