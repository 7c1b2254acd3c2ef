"""The database cuts connections, a reader takes nothing, the process is asked to stop."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from boards.verbs import boards
from tests.cast import Person, Scene
from tests.live import servers
from tests.live.crowd import change_all, fill
from tests.live.streams import Stream, bearer, events, head_of
from tika.live.subscriber import WAITING_COUNT

CHANGES_THAT_OVERFLOW = 2 * WAITING_COUNT


@pytest.fixture
def own(tmp_path: Path) -> Iterator[servers.Process]:
    """A `live` process of the test's own, to be maltreated."""
    process = servers.live(tmp_path, port=servers.free_port())
    yield process
    process.stop()


@pytest.fixture
def stream(live_port: int, board: Scene, mia: Person) -> Iterator[Stream]:
    with Stream(live_port, events(board), bearer(mia)) as opened:
        opened.next()
        yield opened


def cut_off(process: servers.Process, *, listening: bool) -> int:
    """How many connections the database ended."""
    name = f"tika live {process.pid}" + (" listens" if listening else "")
    return servers.end_connections(name)


def test_what_happens_while_nobody_listens_is_caught_up(
    live_process: servers.Process, stream: Stream, board: Scene
) -> None:
    seen = board.version
    for number in range(5):
        servers.wait_for(lambda: cut_off(live_process, listening=True) > 0)
        board.ticket(f"Ticket {number}")
    told = stream.follow(board.version)
    assert told[0].data["since"] == seen
    assert len({row[0] for event in told for row in event.data["tickets"]}) == 5


def test_a_right_lost_while_nobody_listens_is_noticed(
    live_process: servers.Process, stream: Stream, board: Scene
) -> None:
    assert cut_off(live_process, listening=True)
    with board.workspace.told() as olga:
        boards.change(board.id, {"is_private": True}, by=olga)
    board.ticket("A secret")
    assert stream.until(lambda event: event.name != "presence").name == "gone"


def test_all_connections_to_the_database_die(
    live_process: servers.Process, stream: Stream, board: Scene, mia: Person
) -> None:
    assert cut_off(live_process, listening=False)
    assert cut_off(live_process, listening=True)
    board.ticket()
    assert stream.follow(board.version)
    with Stream(live_process.port, events(board), bearer(mia)) as another:
        assert another.status == 200


@pytest.mark.slow
def test_a_reader_that_takes_nothing_is_dropped(
    live_process: servers.Process, stream: Stream, board: Scene, vic: Person
) -> None:
    fill(board, 2000)
    stream.follow(board.version)
    with idle_reader(live_process.port, events(board), vic):
        assert stream.presents("Mia", "Vic")
        before, changes = memory(live_process.pid), 0
        while not live_process.said(f'"board":"{board.id}"'):
            # What waits for a reader is bounded in bytes: a slow machine takes longer, not more of them.
            assert changes < CHANGES_THAT_OVERFLOW
            changes += 1
            change_all(board, priority=changes % 5)
            stream.follow(board.version)
        assert memory(live_process.pid) - before < 40
        assert stream.presents("Mia")


def idle_reader(port: int, path: str, person: Person) -> socket.socket:
    """Asks for a stream and never reads it; little of it fits on the way."""
    idle = socket.socket()
    idle.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    idle.connect(("127.0.0.1", port))
    idle.sendall(head_of(path, person))
    return idle


def memory(pid: int) -> float:
    """Resident, in MB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_at_its_end_streams_are_closed(own: servers.Process, board: Scene, mia: Person, number: int) -> None:
    streams = [Stream(own.port, events(board), bearer(mia)) for _ in range(20)]
    for stream in streams:
        stream.next()
    own.signal(number)
    assert all(stream.ended() for stream in streams)
    assert own.popen.wait(10) == 0
    assert not own.said("Traceback")
    assert not own.said('"level":"error"')


def test_a_reader_that_takes_nothing_does_not_delay_the_end(own: servers.Process, board: Scene, mia: Person) -> None:
    fill(board, 5000)
    with idle_reader(own.port, events(board, 0), mia) as idle:
        idle.recv(100)
        own.stop()


def test_nor_does_a_database_that_is_away(own: servers.Process, board: Scene, mia: Person) -> None:
    with Stream(own.port, events(board), bearer(mia)) as stream:
        stream.next()
        cut_off(own, listening=False)
        cut_off(own, listening=True)
        own.stop()
        assert stream.ended()
