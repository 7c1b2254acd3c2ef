"""A client that was away gets what it missed, once."""

import threading
from itertools import pairwise

from django.db import connection

from tests.cast import Person, Scene
from tests.live.crowd import fill
from tests.live.streams import Stream, bearer, events


def test_what_was_missed_comes_first(port: int, board: Scene, mia: Person) -> None:
    seen = board.version
    missed = {str(board.ticket(f"Missed {number}")) for number in range(3)}
    with Stream(port, events(board, seen), bearer(mia)) as stream:
        first = stream.next()
    assert first.data["since"] == seen
    assert {row[0] for row in first.data["tickets"]} == missed
    assert first.id == str(board.version)


def test_a_browser_that_comes_back_by_itself_says_last_event_id(port: int, board: Scene, mia: Person) -> None:
    seen = board.version
    board.ticket()
    with Stream(port, events(board, 1), {**bearer(mia), "Last-Event-ID": str(seen)}) as stream:
        assert stream.next().data["since"] == seen


def test_who_was_away_long_gets_a_snapshot(port: int, board: Scene, mia: Person) -> None:
    fill(board, 450)
    with Stream(port, events(board, 0), bearer(mia)) as stream:
        assert len(stream.next().data["snapshot"]["tickets"]) == 450


def test_a_version_from_the_future_gets_a_snapshot(port: int, board: Scene, mia: Person) -> None:
    """A database that was restored from a backup is behind its clients."""
    with Stream(port, events(board, 999_999), bearer(mia)) as stream:
        first = stream.next()
        assert first.data["snapshot"]["version"] == board.version
        board.ticket()
        assert stream.next().data["since"] == first.data["version"]


def test_versions_join_without_gap_or_overlap_while_many_write_and_many_come(
    port: int, board: Scene, mia: Person
) -> None:
    start = board.version

    def write() -> None:
        for number in range(15):
            board.ticket(f"Ticket {number}")
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(3)]
    for writer in writers:
        writer.start()
    streams: list[Stream] = []
    while any(writer.is_alive() for writer in writers):
        if len(streams) < 20:
            streams.append(Stream(port, events(board, start), bearer(mia)))
    last = board.version
    assert len(streams) >= 5
    for stream in streams:
        told = stream.follow(last)
        assert told[0].data["since"] == start
        assert all(after.data["since"] == before.data["version"] for before, after in pairwise(told))
        assert len({row[0] for event in told for row in event.data["tickets"]}) == 45
        stream.close()
