"""What the processes tell each other, without processes."""

import uuid
from unittest.mock import Mock

import pytest

from tika.live import presence
from tika.live.presence import Presence

BOARD, MIA, ZOE = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()


@pytest.fixture
def changed() -> Mock:
    return Mock()


@pytest.fixture
def here(changed: Mock) -> Presence:
    return Presence(Mock(), changed=changed)


def said(who: Presence) -> list[str]:
    """Takes what is waiting to be told."""
    notices = list(who._unsaid)
    who._unsaid.clear()
    return notices


def test_what_one_says_the_other_understands(here: Presence) -> None:
    there = Presence(Mock(), changed=Mock())
    here.arrive(BOARD, MIA)
    for notice in said(here):
        there.hear(notice)
    assert there.people(BOARD) == {MIA}
    here.depart(BOARD, MIA)
    for notice in said(here):
        there.hear(notice)
    assert there.people(BOARD) == set()


def test_its_own_words_are_not_news(here: Presence, changed: Mock) -> None:
    here.arrive(BOARD, MIA)
    changed.reset_mock()
    for notice in said(here):
        here.hear(notice)
    here.depart(BOARD, MIA)
    assert here.people(BOARD) == set()
    changed.assert_called_once_with(BOARD)


def test_a_person_in_two_processes_leaves_with_the_second(here: Presence, changed: Mock) -> None:
    here.hear(f"one here {BOARD.hex} {MIA.hex}")
    here.hear(f"two here {BOARD.hex} {MIA.hex}")
    here.hear(f"one left {BOARD.hex} {MIA.hex}")
    assert here.people(BOARD) == {MIA}
    here.hear("two bye")
    assert here.people(BOARD) == set()
    assert changed.call_count == 2


def test_who_is_not_repeated_is_forgotten(here: Presence, changed: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Mock(return_value=100.0)
    monkeypatch.setattr("tika.live.presence.time.monotonic", clock)
    here.hear(f"one here {BOARD.hex} {MIA.hex} {ZOE.hex}")
    clock.return_value = 130.0
    here.hear(f"one here {BOARD.hex} {ZOE.hex}")
    here._expire(clock() - presence.FORGOTTEN_SECONDS)
    assert here.people(BOARD) == {MIA, ZOE}
    clock.return_value = 146.0
    here._expire(clock() - presence.FORGOTTEN_SECONDS)
    assert here.people(BOARD) == {ZOE}
    changed.assert_called_with(BOARD)


def test_a_newcomer_is_told_who_is_here(here: Presence) -> None:
    here.arrive(BOARD, MIA)
    said(here)
    here.hear("new hello")
    assert said(here) == [f"{here.process} here {BOARD.hex} {MIA.hex}"]


def test_a_notice_holds_no_more_than_postgresql_takes(here: Presence) -> None:
    for _ in range(1000):
        here.arrive(BOARD, uuid.uuid4())
    said(here)
    here.repeat()
    notices = said(here)
    assert max(len(notice) for notice in notices) < 8000
    there = Presence(Mock(), changed=Mock())
    for notice in notices:
        there.hear(notice)
    assert len(there.people(BOARD)) == 1000


@pytest.mark.parametrize(
    "notice", ["", "x", "one here", "one left", "one left 76d4b86623e34eecb5032afa1cd8f193", "one dances"]
)
def test_words_of_a_later_version_are_passed_over(here: Presence, changed: Mock, notice: str) -> None:
    here.hear(notice)
    changed.assert_not_called()


def test_nothing_is_kept_of_a_board_that_all_have_left(here: Presence) -> None:
    here.hear(f"one here {BOARD.hex} {MIA.hex}")
    here.arrive(BOARD, ZOE)
    here.depart(BOARD, ZOE)
    here.hear(f"one left {BOARD.hex} {MIA.hex}")
    assert not here._here
    assert not here._there


def test_what_cannot_be_said_does_not_pile_up(here: Presence) -> None:
    for _ in range(2 * presence.UNSAID):
        here.arrive(uuid.uuid4(), MIA)
    assert len(said(here)) == presence.UNSAID
