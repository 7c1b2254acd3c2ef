"""The API through the real server: bodies that nobody reads, and requests counted over several processes."""

from collections import Counter
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest

from tests.cast import Person, threads
from tests.live import servers

TEN_MB = b'{"title": "' + b"x" * 10_000_000 + b'"}'
LIMIT = 100


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder: Path = tmp_path_factory.mktemp("server")
    process = servers.web(
        folder,
        servers.free_port(),
        TIKA_WEB_WORKERS="3",
        TIKA_API_REQUESTS_PER_MINUTE=str(LIMIT),
        TIKA_LIVE_HANDOVER="",
    )
    yield process.port
    process.stop()


def ask(port: int, method: str, path: str, body: bytes = b"", **headers: str) -> HTTPResponse:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    answer.read()
    return answer


@pytest.mark.parametrize("keep", ["keep-alive", "close"])
def test_a_client_that_sends_too_much_hears_that_it_is_too_much(keep: str, port: int, mia: Person) -> None:
    headers = {"Content-Type": "application/json", "Connection": keep, **mia.api.headers}
    assert ask(port, "POST", "/api/tickets", TEN_MB, **headers).status == 413


@pytest.mark.parametrize("keep", ["keep-alive", "close"])
def test_a_stranger_that_sends_much_hears_who_may(keep: str, port: int) -> None:
    headers = {"Content-Type": "application/json", "Connection": keep}
    assert ask(port, "POST", "/api/tickets", TEN_MB, **headers).status == 401
    assert ask(port, "POST", "/api/nothing", TEN_MB, **headers).status == 404


def test_the_connection_is_good_for_more_afterwards(port: int, mia: Person) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    for path, status in (("/api/nothing", 404), ("/livez", 200)):
        method = "POST" if status == 404 else "GET"
        connection.request(method, path, TEN_MB if status == 404 else None, mia.api.headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == status


def test_the_processes_count_together(port: int, vic: Person) -> None:
    """Each connection is another process's: the limit is one all the same."""

    def twenty(_: int) -> list[int]:
        return [ask(port, "GET", "/api/members", b"", **vic.api.headers).status for _ in range(20)]

    found = Counter(status for statuses in threads(8, twenty) for status in statuses)
    # Some come back while it lasts; a count for each process would let all through.
    assert LIMIT - 5 <= found[200] <= LIMIT + 30
    assert found[429] == 160 - found[200]
