"""Off by default; when on, what was shown is what is sent, and whatever is put in, no word of anybody leaves."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from observability.console.telemetry import sending
from observability.console.telemetry.fields import ALLOWED, STAGES, encode, magnitude
from observability.console.telemetry.payload import payload
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID
from tests.cast import Workspace, furnish, run_sql
from tests.observability.planted import planted

NAMES = sorted(ALLOWED)


@pytest.fixture
def received() -> Iterator[tuple[str, list[bytes]]]:
    """(address, what came there)."""
    bodies: list[bytes] = []

    class Far(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(302 if self.path == "/elsewhere" else 204)
            self.send_header("Location", "/other")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing to say."""

    server = HTTPServer(("127.0.0.1", 0), Far)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", bodies
    server.shutdown()
    server.server_close()


def shown() -> bytes:
    out = StringIO()
    call_command("telemetry", "--show", stdout=out, stderr=StringIO())
    return out.getvalue().strip().encode()


def test_it_is_off_by_default_and_then_nothing_is_even_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def never() -> bytes:
        raise AssertionError("worked out")

    monkeypatch.setattr(sending, "payload", never)
    assert not sending.is_on()
    sending.send_daily()
    with pytest.raises(CommandError, match="off"):
        call_command("telemetry", "--send")


@pytest.mark.parametrize(("word", "on"), [("1", False), ("true", False), ("0", True), ("", True)])
def test_do_not_track_switches_it_off(word: str, on: bool, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TELEMETRY_ON, settings.TELEMETRY_URL = True, "https://t.example"
    monkeypatch.setenv("DO_NOT_TRACK", word)
    assert sending.is_on() is on


def test_what_is_shown_is_what_is_sent_and_it_is_written_down(
    received: tuple[str, list[bytes]], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TELEMETRY_ON, (settings.TELEMETRY_URL, bodies) = True, received
    with tenant_context(OPERATORS_ID):
        now = payload()
    monkeypatch.setattr(sending, "payload", lambda: now)
    sending.send_daily()
    assert bodies == [now]
    assert set(json.loads(now)) <= set(ALLOWED)
    assert set(json.loads(shown())) == set(json.loads(now))
    query = "SELECT detail FROM console_mark WHERE name = 'telemetry' ORDER BY at DESC LIMIT 1"
    assert run_sql(query, tenant=OPERATORS_ID)[0][0].startswith(f"{len(now)} bytes, sha256 ")


def test_a_redirect_is_not_followed_and_a_link_that_is_down_harms_nothing(
    received: tuple[str, list[bytes]], settings: Any
) -> None:
    settings.TELEMETRY_ON, bodies = True, received[1]
    settings.TELEMETRY_URL = f"{received[0]}/elsewhere"
    sending.send_daily()
    assert len(bodies) == 1
    settings.TELEMETRY_URL = "http://127.0.0.1:1/"
    sending.send_daily()
    settings.TELEMETRY_URL = "http://t.example/"
    with pytest.raises(sending.Unsendable, match="https"):
        sending.send()


def test_nothing_of_what_people_wrote_is_in_it(workspace: Workspace) -> None:
    furnish(workspace)
    told = shown().decode()
    for text in ("Pay page", "결제", workspace.slug, str(workspace.id), "@"):
        assert text not in told


TEXTS = st.one_of(st.text(), st.sampled_from([one.text for one in planted(200)]), st.binary(), st.none(), st.booleans())
ANYTHING = st.recursive(
    st.one_of(TEXTS, st.integers(), st.floats()), lambda more: st.lists(more) | st.dictionaries(st.text(), more)
)


@given(st.dictionaries(st.one_of(st.sampled_from(NAMES), st.text()), ANYTHING))
def test_whatever_is_put_in_only_what_the_list_allows_comes_out(values: dict[str, Any]) -> None:
    words = {"site", "day", "version", "python"}
    for name, value in json.loads(encode(values)).items():
        assert ALLOWED[name](value)
        if isinstance(value, str):
            assert name in words or value in STAGES
            assert len(value) <= 32


def test_how_many_is_told_by_its_size_alone() -> None:
    assert [magnitude(value) for value in (0, 0.4, 1, 9, 10, 999, 1000, 84_211)] == [0, 0, 1, 1, 10, 100, 1000, 10_000]
