"""While few people ask, the worker does; a failure without an answer is counted by who noticed it."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from observability.slo import prober
from observability.slo.observe import probe_mark
from observability.slo.tally import tally
from tests.observability.far import Authority, answer, far


@contextmanager
def server(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """The address of something that answers one request, and what it was asked."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                asked.append(connection.recv(4096))
                connection.sendall(answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/api/health", asked
        thread.join(10)


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(prober, "asked_by_people", lambda *_: 42.0)
    tally.requests.clear()
    yield
    tally.requests.clear()


@pytest.mark.parametrize("status", ["200 OK", "503 Service Unavailable", "404 Not Found", "302 Found"])
def test_an_answer_is_counted_where_it_was_given(status: str, settings: Any) -> None:
    with server(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode()) as (url, asked):
        settings.PROBE_URL = url
        prober.probe()
    assert f"X-Tika-Probe: {probe_mark()}".lower() in asked[0].decode().lower()
    assert not tally.requests


def test_no_answer_is_a_failure(settings: Any) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.PROBE_URL = f"http://127.0.0.1:{unused.getsockname()[1]}/api/health"
        prober.probe()
    (found,) = tally.requests
    assert (found.status, found.route, found.synthetic) == (503, prober.UNREACHABLE, True)


def test_nonsense_for_an_answer_is_a_failure(settings: Any) -> None:
    with server(b"I am no web server\r\n\r\n") as (url, _):
        settings.PROBE_URL = url
        prober.probe()
    assert len(tally.requests) == 1


def test_an_authority_unknown_here_is_no_failure_and_an_expired_certificate_is_one(
    settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    for days, is_known, failures in ((1, False, 0), (1, True, 0), (-1, True, 1)):
        monkeypatch.setenv("SSL_CERT_FILE", str(authority.file) if is_known else os.devnull)
        with far(answer(), context=authority.serving("localhost", days=days)) as there:
            settings.PROBE_URL = f"https://localhost:{there.port}/api/health"
            prober.probe()
        assert len(tally.requests) == failures, (days, is_known)
        assert len(there.asked) == (is_known and not failures)


def test_an_address_that_is_none_is_no_outage(settings: Any) -> None:
    settings.PROBE_URL = "ftp://board.example/"
    prober.probe()
    assert not tally.requests


def test_with_people_about_nobody_is_asked(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prober, "asked_by_people", lambda *_: 400.0)
    settings.PROBE_URL = "http://127.0.0.1:1/"
    prober.probe()
    assert not tally.requests


def test_it_can_be_turned_off(settings: Any) -> None:
    settings.PROBE_URL = ""
    prober.probe()
    assert not tally.requests
