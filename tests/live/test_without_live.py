"""`live` is down or hangs: `web` says so at once and goes on."""

import json
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cast import Person, Scene
from tests.live import servers
from tests.live.servers import THREADS
from tests.live.streams import Stream, bearer, events, head_of
from tika.live.wire import TIMEOUT


@pytest.fixture
def live(tmp_path: Path) -> Iterator[servers.Process]:
    """A process of the test's own, to be maltreated."""
    process = servers.live(tmp_path)
    yield process
    process.signal(signal.SIGCONT)
    process.stop()


@pytest.fixture
def port(tmp_path: Path, live: servers.Process) -> Iterator[int]:
    """The `web` that hands over to it."""
    process = servers.web(tmp_path, servers.free_port())
    yield process.port
    process.stop()


def test_the_client_is_told_when_to_come_back(
    live: servers.Process, port: int, tmp_path: Path, board: Scene, mia: Person
) -> None:
    live.kill()
    for language in ("en", "ko"):
        headers = {**bearer(mia), "Accept-Language": language, "X-Request-Id": "from-the-proxy"}
        with Stream(port, events(board), headers) as stream:
            assert stream.status == 503
            assert stream.headers["retry-after"] == "2"
            error = stream.error()
        assert error["code"] == "UNAVAILABLE"
        assert error["request_id"] == "from-the-proxy"
        assert error["message"]
    again = servers.live(tmp_path)
    with Stream(port, events(board), bearer(mia)) as stream:
        assert stream.status == 200
    again.stop()


def test_a_hung_live_costs_web_one_thread_for_two_seconds(
    live: servers.Process, port: int, board: Scene, mia: Person
) -> None:
    live.signal(signal.SIGSTOP)
    with Stream(port, events(board), bearer(mia)) as stream:
        assert stream.status == 503
    started = time.monotonic()
    for _ in range(2 * THREADS):
        with Stream(port, events(board), bearer(mia)) as stream:
            assert stream.status == 503
    # One after the other would have waited for as long each.
    assert time.monotonic() - started < THREADS * TIMEOUT


def test_who_was_refused_is_not_answered_again_when_live_wakes(
    live: servers.Process, port: int, board: Scene, mia: Person
) -> None:
    live.signal(signal.SIGSTOP)
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(head_of(events(board), mia))
        answer = client.recv(4096)
        live.signal(signal.SIGCONT)
        while more := client.recv(4096):
            answer += more
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert answer.count(b"HTTP/1.1") == 1
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == "UNAVAILABLE"
    time.sleep(2)
    with Stream(port, events(board), bearer(mia)) as stream:
        assert stream.status == 200
