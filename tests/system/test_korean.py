"""The board in Korean, with what scripts draw."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Person, Scene
from tests.language.reading import english_in
from tests.language.scene import shop

Open = Callable[..., Any]
KOREAN = {"locale": "ko-KR", "timezone_id": "America/New_York"}


@pytest.fixture(scope="module")
def korean() -> Scene:
    return shop()


@pytest.fixture
def owner(korean: Scene) -> Person:
    return korean.workspace.owner


def assert_korean(page: Page) -> None:
    assert english_in(page.content()) == []


def test_nothing_a_script_draws_is_english(owner: Person, korean: Scene, open_board: Open) -> None:
    at = open_board(owner, korean, **KOREAN)
    assert_korean(at.page)
    at.page.keyboard.press("?")
    expect(at.page.get_by_role("dialog", name="키보드 단축키")).to_be_visible()
    assert_korean(at.page)
    at.press("Escape")
    at.card("결제 0").hover()
    at.card("결제 0").get_by_role("button", name="카드 메뉴").click()
    assert_korean(at.page)
    at.press("Escape")
    at.page.get_by_role("button", name="나 열 메뉴").click()
    assert_korean(at.page)


def test_a_move_is_told_in_korean(owner: Person, korean: Scene, open_board: Open) -> None:
    at = open_board(owner, korean, **KOREAN)
    at.focus("결제 3")
    at.press("Space")
    at.expect_spoken("카드를 집었습니다. OPS-4 결제 3 카드")
    at.press("Escape")
    at.expect_spoken("이동을 취소했습니다.")


def test_an_open_ticket_and_its_history_are_korean(owner: Person, korean: Scene, open_board: Open) -> None:
    at = open_board(owner, korean, "tickets/1/", **KOREAN)
    panel = at.page.locator("#ticket")
    expect(panel).to_be_visible()
    panel.get_by_text("기록", exact=True).click()
    expect(panel.get_by_text("댓글을 달았습니다: ‘확인했습니다.’")).to_be_visible()
    panel.get_by_role("button", name="담당자 지정").click()
    assert_korean(at.page)


def test_times_are_relative_and_in_the_zone_one_has_set(owner: Person, korean: Scene, open_board: Open) -> None:
    owner.user.timezone = "Asia/Seoul"
    owner.user.save(update_fields=["timezone"])
    at = open_board(owner, korean, "tickets/1/", **KOREAN)
    when = at.page.locator("#comment-list time").first
    expect(when).to_have_text(re.compile("^(지금|\\d+분 전)$"))
    moment = datetime.fromisoformat(when.get_attribute("datetime") or "").astimezone(ZoneInfo("Asia/Seoul"))
    half = "오전" if moment.hour < 12 else "오후"
    clock = f"{(moment.hour - 1) % 12 + 1}:{moment.minute:02}"
    expect(when).to_have_attribute("title", f"{moment.year}. {moment.month}. {moment.day}. {half} {clock}")
