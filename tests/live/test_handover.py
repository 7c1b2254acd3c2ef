"""One port: `web` gives the connection of an event stream to `live` and keeps none of it."""

import http.client
import json
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import servers
from tests.live.cast import Workspace
from tests.live.streams import Stream, events

THREADS = 3  # of tests.live.servers.web


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[tuple[servers.Process, int]]:
    """A `live` of the test's own, to be stopped, and a `web` that hands over to it."""
    port = servers.free_port()
    live = servers.live(tmp_path)
    web = servers.web(tmp_path, port)
    yield live, port
    web.stop()
    live.signal(signal.SIGCONT)
    live.stop()


def plain(connection: http.client.HTTPConnection) -> int:
    """Something that `web` itself answers, whatever it may be."""
    connection.request("GET", "/livez")
    response = connection.getresponse()
    response.read()
    return response.status


def test_a_connection_that_carried_other_requests_before(port: int, acme: Workspace) -> None:
    board = acme.board()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    assert [plain(connection) for _ in range(3)] == [200] * 3
    kept = connection.sock
    with Stream(port, events(board), acme.mia.bearer, connection=connection) as stream:
        assert stream.socket is kept
        stream.next()
        acme.ticket(board)
        assert stream.next().data["tickets"]


def test_a_refusal_ends_the_connection_that_live_could_not_serve_further(port: int, acme: Workspace) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    assert plain(connection) == 200
    with Stream(port, events(acme.board()), connection=connection) as stream:
        assert stream.status == 401
        assert stream.headers["connection"] == "close"


def test_streams_hold_no_thread_of_web(port: int, acme: Workspace) -> None:
    board = acme.board()
    streams = [Stream(port, events(board), acme.mia.bearer) for _ in range(4 * THREADS)]
    assert plain(http.client.HTTPConnection("127.0.0.1", port, timeout=2)) == 200
    acme.ticket(board)
    assert all(stream.follow(acme.version(board)) for stream in streams)
    for stream in streams:
        stream.close()


def test_a_head_that_arrives_in_pieces(port: int, acme: Workspace) -> None:
    board = acme.board()
    head = f"GET {events(board)} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {acme.mia.token}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        for place in range(0, len(head), 40):
            client.sendall(head[place : place + 40].encode())
            time.sleep(0.01)
        assert client.recv(100).startswith(b"HTTP/1.1 200 OK\r\n")


def test_long_heads_and_an_old_client(port: int, acme: Workspace) -> None:
    board = acme.board()
    lines = [f"GET {events(board)} HTTP/1.0", "Host: localhost", f"Authorization: Bearer {acme.mia.token}"]
    lines += [f"X-Long-{number}: {'x' * 8000}" for number in range(20)]
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall("\r\n".join([*lines, "", ""]).encode())
        answer = client.recv(100)
        while b"\n\n" not in answer:
            answer += client.recv(4096)
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"transfer-encoding" not in answer


def test_a_body_with_the_request_is_not_taken_for_another_request(port: int, acme: Workspace) -> None:
    board = acme.board()
    smuggled = b"GET /api/boards HTTP/1.1\r\nHost: localhost\r\n\r\n"
    head = [f"GET {events(board)} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {acme.mia.token}"]
    head += [f"Content-Length: {len(smuggled)}", "Expect: 100-continue", "Upgrade: websocket", "Connection: Upgrade"]
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        client.sendall("\r\n".join([*head, "", ""]).encode() + smuggled)
        stream = http.client.HTTPResponse(client)
        stream.begin()
        assert stream.status == 200
        assert stream.getheader("Content-Type", "").startswith("text/event-stream")
        for wanted in (b"retry", b"\n", b"id: "):
            assert stream.readline().startswith(wanted)


def test_only_streams_leave(port: int, acme: Workspace) -> None:
    board = acme.board()
    for method, path in [("POST", events(board)), ("GET", f"{events(board)}/more"), ("GET", f"/a/b{events(board)}")]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request(method, path, headers=acme.mia.bearer)
        response = connection.getresponse()
        assert response.status in (403, 404, 405)
        assert response.getheader("Content-Security-Policy", "") != "default-src 'none'; frame-ancestors 'none'"


def test_streams_outlive_web(tmp_path: Path, acme: Workspace) -> None:
    board = acme.board()
    port = servers.free_port()
    live = servers.live(tmp_path)
    web = servers.web(tmp_path, port)
    with Stream(port, events(board), acme.mia.bearer) as stream:
        stream.next()
        web.stop()
        acme.ticket(board)
        assert stream.next().data["tickets"]
    live.stop()


class TestWithoutLive:
    def test_the_client_is_told_when_to_come_back(
        self, pair: tuple[servers.Process, int], tmp_path: Path, acme: Workspace
    ) -> None:
        live, port = pair
        live.kill()
        for language in ("en", "ko"):
            headers = {**acme.mia.bearer, "Accept-Language": language, "X-Request-Id": "from-the-proxy"}
            with Stream(port, events(acme.board()), headers) as stream:
                assert stream.status == 503
                assert stream.headers["retry-after"] == "2"
                error = stream.error()
            assert error["code"] == "UNAVAILABLE"
            assert error["request_id"] == "from-the-proxy"
            assert error["message"]
        again = servers.live(tmp_path)
        with Stream(port, events(acme.board()), acme.mia.bearer) as stream:
            assert stream.status == 200
        again.stop()

    def test_a_hung_live_costs_web_one_thread_for_two_seconds(
        self, pair: tuple[servers.Process, int], acme: Workspace
    ) -> None:
        live, port = pair
        board = acme.board()
        live.signal(signal.SIGSTOP)
        started = time.monotonic()
        with Stream(port, events(board), acme.mia.bearer) as stream:
            assert stream.status == 503
        assert time.monotonic() - started < 3
        started = time.monotonic()
        for _ in range(2 * THREADS):
            with Stream(port, events(board), acme.mia.bearer) as stream:
                assert stream.status == 503
        assert time.monotonic() - started < 1

    def test_who_was_refused_is_not_answered_again_when_live_wakes(
        self, pair: tuple[servers.Process, int], acme: Workspace
    ) -> None:
        live, port = pair
        board = acme.board()
        live.signal(signal.SIGSTOP)
        head = f"GET {events(board)} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {acme.mia.token}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
            client.sendall(head.encode())
            answer = client.recv(4096)
            live.signal(signal.SIGCONT)
            while more := client.recv(4096):
                answer += more
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert answer.count(b"HTTP/1.1") == 1
        assert json.loads(answer.partition(b"\r\n\r\n")[2])["error"]["code"] == "UNAVAILABLE"
        time.sleep(2)
        with Stream(port, events(board), acme.mia.bearer) as stream:
            assert stream.status == 200
