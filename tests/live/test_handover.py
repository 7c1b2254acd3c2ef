"""One port: `web` gives the connection of an event stream to `live` and keeps none of it."""

import http.client
import socket
import time
from pathlib import Path

from tests.cast import Person, Scene
from tests.live import servers
from tests.live.servers import THREADS
from tests.live.streams import Stream, bearer, events, head_of


def plain(connection: http.client.HTTPConnection) -> int:
    """Something that `web` itself answers, whatever it may be."""
    connection.request("GET", "/livez")
    response = connection.getresponse()
    response.read()
    return response.status


def test_a_connection_that_carried_other_requests_before(port: int, board: Scene, mia: Person) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    assert [plain(connection) for _ in range(3)] == [200] * 3
    kept = connection.sock
    with Stream(port, events(board), bearer(mia), connection=connection) as stream:
        assert stream.socket is kept
        stream.next()
        board.ticket()
        assert stream.next().data["tickets"]


def test_a_refusal_ends_the_connection_that_live_could_not_serve_further(web_port: int, board: Scene) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", web_port, timeout=5)
    assert plain(connection) == 200
    with Stream(web_port, events(board), connection=connection) as stream:
        assert stream.status == 401
        assert stream.headers["connection"] == "close"


def test_streams_hold_no_thread_of_web(port: int, board: Scene, mia: Person) -> None:
    streams = [Stream(port, events(board), bearer(mia)) for _ in range(4 * THREADS)]
    assert plain(http.client.HTTPConnection("127.0.0.1", port, timeout=2)) == 200
    board.ticket()
    assert all(stream.follow(board.version) for stream in streams)
    for stream in streams:
        stream.close()


def test_a_head_that_arrives_in_pieces(port: int, board: Scene, mia: Person) -> None:
    head = head_of(events(board), mia)
    with socket.create_connection(("127.0.0.1", port), timeout=5) as client:
        for place in range(0, len(head), 40):
            client.sendall(head[place : place + 40])
            time.sleep(0.01)
        assert client.recv(100).startswith(b"HTTP/1.1 200 OK\r\n")


def test_a_long_head_from_an_old_client(web_port: int, board: Scene, mia: Person) -> None:
    head = head_of(events(board), mia, *(f"X-Long-{number}: {'x' * 8000}" for number in range(20)), version="1.0")
    with socket.create_connection(("127.0.0.1", web_port), timeout=5) as client:
        client.sendall(head)
        answer = client.recv(100)
        while b"\n\n" not in answer and (part := client.recv(4096)):
            answer += part
    assert b"\n\n" in answer
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"transfer-encoding" not in answer


def test_a_body_is_not_taken_for_another_request(web_port: int, board: Scene, mia: Person) -> None:
    body = b"GET /api/boards HTTP/1.1\r\nHost: localhost\r\n\r\n"
    lines = [f"Content-Length: {len(body)}", "Expect: 100-continue", "Upgrade: websocket", "Connection: Upgrade"]
    with socket.create_connection(("127.0.0.1", web_port), timeout=5) as client:
        client.sendall(head_of(events(board), mia, *lines) + body)
        answer = http.client.HTTPResponse(client)
        answer.begin()
        assert answer.status == 200
        assert answer.getheader("Content-Type", "").startswith("text/event-stream")
        assert [answer.readline()[:4] for _ in range(3)] == [b"retr", b"\n", b"id: "]


def test_only_streams_leave(port: int, board: Scene, mia: Person) -> None:
    for method, path in [("POST", events(board)), ("GET", f"{events(board)}/more"), ("GET", f"/a/b{events(board)}")]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request(method, path, headers=bearer(mia))
        response = connection.getresponse()
        assert response.status in (403, 404, 405)
        assert response.getheader("Content-Security-Policy", "") != "default-src 'none'; frame-ancestors 'none'"


def test_streams_outlive_web(tmp_path: Path, board: Scene, mia: Person) -> None:
    port = servers.free_port()
    live = servers.live(tmp_path)
    web = servers.web(tmp_path, port)
    with Stream(port, events(board), bearer(mia)) as stream:
        stream.next()
        web.stop()
        board.ticket()
        assert stream.next().data["tickets"]
    live.stop()
