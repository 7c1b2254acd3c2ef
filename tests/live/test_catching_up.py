"""A client that was away gets what it missed, once."""

import threading
from itertools import pairwise

from django.db import connection

from tests.live.cast import Workspace
from tests.live.streams import Stream, events


def test_what_was_missed_comes_first(port: int, acme: Workspace) -> None:
    board = acme.board()
    seen = acme.version(board)
    titles = {acme.ticket(board, f"Missed {number}") for number in range(3)}
    with Stream(port, events(board, seen), acme.mia.bearer) as stream:
        first = stream.next()
    assert first.data["since"] == seen
    assert {row[0] for row in first.data["tickets"]} == {str(ticket) for ticket in titles}
    assert first.id == str(acme.version(board))


def test_a_browser_that_comes_back_by_itself_says_last_event_id(port: int, acme: Workspace) -> None:
    board = acme.board()
    seen = acme.version(board)
    acme.ticket(board)
    with Stream(port, events(board, 1), {**acme.mia.bearer, "Last-Event-ID": str(seen)}) as stream:
        assert stream.next().data["since"] == seen


def test_who_was_away_long_gets_a_snapshot(port: int, acme: Workspace) -> None:
    board = acme.board()
    acme.fill(board, 450)
    with Stream(port, events(board, 0), acme.mia.bearer) as stream:
        first = stream.next()
    assert len(first.data["snapshot"]["tickets"]) == 450


def test_a_version_from_the_future_gets_a_snapshot(port: int, acme: Workspace) -> None:
    """A database that was restored from a backup is behind its clients."""
    board = acme.board()
    with Stream(port, events(board, 999_999), acme.mia.bearer) as stream:
        first = stream.next()
        assert first.data["snapshot"]["version"] == acme.version(board)
        acme.ticket(board)
        assert stream.next().data["since"] == first.data["version"]


def test_versions_join_without_gap_or_overlap_while_many_write_and_many_come(port: int, acme: Workspace) -> None:
    board = acme.board()
    start = acme.version(board)
    streams: list[Stream] = []

    def write(count: int) -> None:
        for number in range(count):
            acme.ticket(board, f"Ticket {number}")
        connection.close()

    writers = [threading.Thread(target=write, args=[15]) for _ in range(3)]
    for writer in writers:
        writer.start()
    while any(writer.is_alive() for writer in writers):
        if len(streams) < 20:
            streams.append(Stream(port, events(board, start), acme.mia.bearer))
    for writer in writers:
        writer.join()
    last = acme.version(board)
    assert len(streams) >= 5
    for stream in streams:
        told = stream.follow(last)
        assert told[0].data["since"] == start
        assert all(after.data["since"] == before.data["version"] for before, after in pairwise(told))
        entries = [entry["version"] for event in told for entry in event.data["entries"]]
        assert len({row[0] for event in told for row in event.data["tickets"]}) == 45
        assert len(entries) == len(set(entries)) or len(told[0].data["entries"]) == 50
        stream.close()
