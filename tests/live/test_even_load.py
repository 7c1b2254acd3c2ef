"""Connections spread over the processes of `web`: who serves more than another leaves the next one to it."""

import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tika import even_load
from tika.even_load import EvenWorker, Shares

MINE, OTHER = 1, 2


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield listening


@pytest.fixture
def shares(monkeypatch: pytest.MonkeyPatch) -> Shares:
    own = Shares()
    monkeypatch.setattr(even_load, "shares", own)
    return own


class Counting(EvenWorker):
    """The part of the worker that accepts; what it takes is closed again."""

    def __init__(self) -> None:
        self.age = MINE
        self.cfg = None
        self.taken = threading.Event()

    def enqueue_req(self, conn: Any) -> None:
        conn.sock.close()
        self.taken.set()


def come(listener: socket.socket) -> socket.socket:
    return socket.create_connection(listener.getsockname())


def test_a_connection_is_left_to_who_serves_fewer(
    listener: socket.socket, shares: Shares, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(even_load, "GRACE", 60.0)
    worker = Counting()
    worker.nr_conns = 1
    shares.tell(OTHER, 0)
    with come(listener):
        waiting = threading.Thread(target=worker.accept, args=(listener,))
        waiting.start()
        other, _ = listener.accept()
        waiting.join(30)
        other.close()
    assert worker.nr_conns == 1
    assert not worker.taken.is_set()


@pytest.mark.parametrize(("mine", "others"), [(0, 0), (2, 2), (1, 3), (3, 0)])
def test_it_is_taken_by_who_serves_no_more_and_where_the_other_does_not_come(
    listener: socket.socket, shares: Shares, mine: int, others: int
) -> None:
    worker = Counting()
    worker.nr_conns = mine
    shares.tell(OTHER, others)
    with come(listener):
        worker.accept(listener)
    assert worker.nr_conns == mine + 1
    assert worker.taken.is_set()


def test_a_process_that_has_ended_is_waited_for_no_more(shares: Shares) -> None:
    worker = Counting()
    worker.nr_conns = 5
    shares.tell(OTHER, 0)
    assert worker.serves_more()
    shares.leave(OTHER)
    assert not worker.serves_more()
