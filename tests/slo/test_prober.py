"""While few people ask, the worker does; a failure without an answer is counted by who noticed it."""

import socket
import ssl
import threading
import urllib.error
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from observability.slo import prober
from observability.slo.observe import probe_mark
from observability.slo.tally import tally


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


@pytest.mark.parametrize("status", ["200 OK", "503 Service Unavailable", "404 Not Found"])
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


@pytest.mark.parametrize(("code", "failures"), [(19, 0), (20, 0), (10, 1)])
def test_an_authority_unknown_here_is_no_failure_and_an_expired_certificate_is_one(
    code: int, failures: int, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        error = ssl.SSLCertVerificationError("certificate verify failed")
        error.verify_code = code
        raise urllib.error.URLError(error)

    monkeypatch.setattr(prober.opener, "open", refuse)
    settings.PROBE_URL = "https://127.0.0.1:1/api/health"
    prober.probe()
    assert len(tally.requests) == failures


def test_with_people_about_nobody_is_asked(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prober, "asked_by_people", lambda *_: 400.0)
    settings.PROBE_URL = "http://127.0.0.1:1/"
    prober.probe()
    assert not tally.requests


def test_it_can_be_turned_off(settings: Any) -> None:
    settings.PROBE_URL = ""
    prober.probe()
    assert not tally.requests
