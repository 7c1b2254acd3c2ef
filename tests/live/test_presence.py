"""Who else has the board open."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tenancy.models import Membership
from tests.cast import Person, Scene
from tests.live import servers
from tests.live.streams import Event, Stream, bearer, cookie, events


def shows(stream: Stream, *names: str) -> Event:
    return stream.until(
        lambda event: event.name == "presence" and [person["name"] for person in event.data["people"]] == list(names)
    )


@pytest.fixture
def hers(port: int, board: Scene, olga: Person) -> Iterator[Stream]:
    with Stream(port, events(board), bearer(olga)) as stream:
        shows(stream, "Olga")
        yield stream


def test_oneself_is_among_them(port: int, board: Scene, olga: Person) -> None:
    with Stream(port, events(board), bearer(olga)) as stream:
        people = stream.next("presence").data["people"]
    assert people == [{"id": str(olga.id), "number": olga.member.number, "name": "Olga"}]


def test_coming_and_going_is_told_at_once(port: int, hers: Stream, board: Scene, mia: Person) -> None:
    with Stream(port, events(board), bearer(mia)) as his:
        shows(his, "Olga", "Mia")
        shows(hers, "Olga", "Mia")
    started = time.monotonic()
    assert shows(hers, "Olga").at - started < 1


def test_two_windows_are_one_person(port: int, hers: Stream, board: Scene, mia: Person) -> None:
    with Stream(port, events(board), bearer(mia)) as first:
        shows(hers, "Olga", "Mia")
        with Stream(port, f"/{board.workspace.slug}{events(board)}", cookie(mia)) as second:
            shows(second, "Olga", "Mia")
            first.close()
            assert hers.silent("presence")


def test_another_board_is_another_room(port: int, hers: Stream, board: Scene, mia: Person) -> None:
    with Stream(port, events(board.workspace.board("Sales")), bearer(mia)) as elsewhere:
        shows(elsewhere, "Mia")
        assert hers.silent("presence")


def test_a_new_name_shows(hers: Stream, board: Scene, olga: Person) -> None:
    with board.workspace.told():
        Membership.objects.filter(pk=olga.id).update(name="Olga K.")
    shows(hers, "Olga K.")


def test_processes_tell_each_other(hers: Stream, folder: Path, board: Scene, mia: Person) -> None:
    """The second one asks who is there when it starts, and says that it goes."""
    second = servers.live(folder, port=servers.free_port(), name="second")
    with Stream(second.port, events(board), bearer(mia)) as his:
        shows(his, "Olga", "Mia")
        shows(hers, "Olga", "Mia")
    shows(hers, "Olga")
    with Stream(second.port, events(board), bearer(mia)):
        shows(hers, "Olga", "Mia")
        second.stop()
        shows(hers, "Olga")
