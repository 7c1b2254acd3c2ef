"""Off by default; when on, what was shown is what is sent, and whatever is put in, no word of anybody leaves."""

import base64
import hashlib
import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import unescape
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from observability.console import version
from observability.console.queries import releases, telemetry
from observability.console.telemetry import sending, switches
from observability.console.telemetry.fields import ALLOWED, STAGES, encode, magnitude
from observability.console.telemetry.payload import payload
from observability.console.verbs import releases as looks
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID
from tests.cast import Person, Workspace, furnish, run_sql
from tests.observability.planted import planted
from tika.cli.environment import ROOT

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


def last() -> telemetry.Sent:
    with tenant_context(OPERATORS_ID):
        found = telemetry.last_sent()
    assert found is not None
    return found


def test_it_is_off_by_default_and_then_nothing_is_even_worked_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def never() -> bytes:
        raise AssertionError("worked out")

    monkeypatch.setattr(sending, "payload", never)
    assert not switches.is_on()
    sending.send_daily()
    with pytest.raises(CommandError, match="off"):
        call_command("telemetry", "--send")


@pytest.mark.parametrize(("word", "on"), [("1", False), ("true", False), ("0", True), ("", True)])
def test_do_not_track_switches_it_off(word: str, on: bool, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.TELEMETRY_ON, settings.TELEMETRY_URL = True, "https://t.example"
    monkeypatch.setenv("DO_NOT_TRACK", word)
    assert switches.is_on() is on
    assert [one.lets for one in switches.switches()] == [True, True, on]


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
    digest = hashlib.sha256(now).hexdigest()
    assert run_sql(query, tenant=OPERATORS_ID)[0][0] == f"{len(now)} bytes, sha256 {digest}, taken"


def test_a_redirect_is_not_followed_and_a_link_that_is_down_harms_nothing(
    received: tuple[str, list[bytes]], settings: Any
) -> None:
    settings.TELEMETRY_ON, bodies = True, received[1]
    settings.TELEMETRY_URL = f"{received[0]}/elsewhere"
    sending.send_daily()
    assert len(bodies) == 1
    assert last().outcome == "It was not taken: the answer is 302."
    settings.TELEMETRY_URL = "http://127.0.0.1:1/"
    sending.send_daily()
    assert "does not answer" in last().outcome
    settings.TELEMETRY_URL = "http://t.example/"
    with pytest.raises(sending.Unsendable, match="https"):
        sending.send()
    assert not last().was_taken


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
        assert ALLOWED[name].allows(value)
        if isinstance(value, str):
            assert name in words or value in STAGES
            assert len(value) <= 32


def test_how_many_is_told_by_its_size_alone() -> None:
    assert [magnitude(value) for value in (0, 0.4, 1, 9, 10, 999, 1000, 84_211)] == [0, 0, 1, 1, 10, 100, 1000, 10_000]


def test_each_field_that_may_leave_is_told_of_in_the_operators_guide() -> None:
    guide = (ROOT / "docs/airgap.md").read_text(encoding="utf-8")
    rows = [line for line in guide.splitlines() if line.startswith("| `")]
    told = {name for line in rows for name in re.findall(r"`(\w+)`", line.split("|")[1])}
    assert set(ALLOWED) <= told


# --- the page ------------------------------------------------------------------------------------


def page(person: Person) -> str:
    answer = person.client.get("/ops/telemetry/")
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_page_says_that_it_is_off_and_which_setting_holds_it_back(viewer: Person) -> None:
    text = page(viewer)
    assert "Why it is off" in text
    assert "It is off, as it is by default." in text
    assert "Send them now" not in text


def test_the_bytes_on_the_page_are_those_that_are_handed_out_and_sent(
    received: tuple[str, list[bytes]], admin: Person, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.TELEMETRY_ON, (settings.TELEMETRY_URL, bodies) = True, received
    with tenant_context(OPERATORS_ID):
        now = payload()
    monkeypatch.setattr(sending, "payload", lambda: now)
    monkeypatch.setattr(telemetry, "payload", lambda: now)
    text = page(admin)
    shown = re.search(r"<pre[^>]*><code>(.*?)</code></pre>", text, re.DOTALL)
    handed = re.search(r'href="data:application/json;base64,([^"]+)"', text)
    assert shown is not None
    assert handed is not None
    assert unescape(shown[1]).encode() == base64.b64decode(unescape(handed[1])) == now
    assert hashlib.sha256(now).hexdigest() in text
    for name in ALLOWED:
        assert f"<code>{name}</code>" in text
    after = admin.client.post("/ops/telemetry/sent", follow=True).content.decode()
    assert bodies == [now]
    assert last().was_taken
    assert last().sha256 in after
    assert "Bytes that were taken, by day" in after


def test_only_an_admin_sends_and_nobody_while_it_is_off(
    received: tuple[str, list[bytes]], admin: Person, responder: Person, settings: Any
) -> None:
    assert "nothing was sent" in admin.client.post("/ops/telemetry/sent", follow=True).content.decode()
    settings.TELEMETRY_ON, (settings.TELEMETRY_URL, bodies) = True, received
    assert "Send them now" not in page(responder)
    assert responder.client.post("/ops/telemetry/sent").status_code == 403
    assert bodies == []


def test_a_far_end_that_refuses_is_told_with_its_answer(
    received: tuple[str, list[bytes]], admin: Person, settings: Any
) -> None:
    settings.TELEMETRY_ON, settings.TELEMETRY_URL = True, f"{received[0]}/elsewhere"
    assert "the answer is 302" in admin.client.post("/ops/telemetry/sent", follow=True).content.decode()


def test_what_an_address_holds_behind_its_host_is_not_shown(viewer: Person, settings: Any) -> None:
    settings.TELEMETRY_ON, settings.TELEMETRY_URL = True, "https://t.example/v1/k3y?token=t0k3n"
    settings.SENTRY_DSN, settings.OUTGOING_PROXY = "https://s3cr3t@s.example/1", "http://me:pa55@p.example:3128"
    text = page(viewer)
    for shown in ("t.example:443", "s.example:443", "p.example:3128"):
        assert shown in text
    for hidden in ("k3y", "t0k3n", "s3cr3t", "pa55"):
        assert hidden not in text


def test_before_anything_was_sent_the_page_says_so(viewer: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telemetry, "sent", list)
    assert "Nothing was sent" in page(viewer)


def test_only_what_was_taken_counts_for_its_day() -> None:
    now = datetime.now(UTC)
    found = [
        telemetry.Sent(now, 400, "0" * 64, "taken"),
        telemetry.Sent(now, 400, "0" * 64, "It was not taken: the answer is 500."),
        telemetry.Sent(now - timedelta(days=2), 300, "0" * 64, "taken"),
    ]
    counts = [count for _day, count in telemetry.by_day(found)]
    assert (len(counts), counts[-1], counts[-3], sum(counts)) == (30, 400, 300, 700)


# --- newer versions ------------------------------------------------------------------------------


def look(newest: str, *, age: timedelta = timedelta()) -> None:
    with tenant_context(OPERATORS_ID):
        looks.note(newest, of="2026-11-26", listed=datetime.now(UTC) - age)


def test_the_last_look_for_a_newer_version_is_told_and_none_is_made(
    viewer: Person, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    look("99.0.1")
    assert "Tika 99.0.1 of 2026-11-26 is there." in page(viewer)
    settings.VERSION = "99.0.1"
    assert "This is the newest" in page(viewer)
    look("99.0.1", age=timedelta(days=61))
    assert "somebody may hold back a newer one" in page(viewer)
    with tenant_context(OPERATORS_ID):
        looks.note_refused()
    assert "no list that can be believed" in page(viewer)
    monkeypatch.setattr(releases, "last_look", lambda: None)
    assert "Nobody has looked yet" in page(viewer)


def test_versions_are_compared_by_their_numbers() -> None:
    assert version.number("0.10.0") > version.number("0.9.9")
    assert not releases.Look(datetime.now(UTC), "0.0.9", "", None).is_newer
