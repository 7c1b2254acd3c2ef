"""Exceptions leave for the Sentry that is named, by the SDK's real transport, and say nothing of anybody."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import Mock

import pytest
import sentry_sdk
import structlog
from django.test import Client

from observability.errors import sentry
from observability.logs import faults
from tests.cast import Person
from tests.observability.planted import planted
from tests.observability.receiving import Receiver, receiving

log = structlog.get_logger("tika.test")


@contextmanager
def sending_to(port: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(faults, "listeners", [sentry.send])
    sentry.start(f"http://publickey@127.0.0.1:{port}/7", release="9.8.7", environment="rehearsal")
    try:
        yield
    finally:
        sentry_sdk.get_client().close(timeout=0.1)
        sentry_sdk.get_global_scope().set_client(None)


@pytest.fixture
def receiver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    with receiving() as found, sending_to(found.port, monkeypatch):
        yield found


def fail(text: str) -> None:
    secret_in_a_local = "-".join(["hunter2", "in", "a", "local"])
    raise RuntimeError(text + secret_in_a_local[:0])


def tell(text: str) -> None:
    try:
        fail(text)
    except RuntimeError:
        log.exception("broken")


def events(receiver: Receiver) -> list[dict[str, Any]]:
    """Of each envelope the item after its two headers."""
    return [json.loads(body.split(b"\n")[2]) for _, body in receiver.bodies]


def test_a_request_that_fails_arrives_with_what_finds_it_again(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch, mia: Person
) -> None:
    monkeypatch.setattr("tenancy.rate_limit.count", Mock(side_effect=RuntimeError("broken")))
    client = Client(raise_request_exception=False)
    names = {"X-Request-Id": "from-the-caller", "Authorization": f"Bearer {mia.token}", "User-Agent": "Mia's own"}
    trace = f"00-{'a' * 32}-{'b' * 16}-01"
    answer = client.get("/api/members?email=mia@example.com", headers={**names, "traceparent": trace})
    assert answer.status_code == 500
    assert receiver.wait()
    (event,) = events(receiver)
    assert event["release"] == "tika@9.8.7"
    assert event["environment"] == "rehearsal"
    assert event["tags"]["request_id"] == "from-the-caller"
    assert event["tags"]["tenant"] == str(mia.member.tenant_id)
    assert event["contexts"]["trace"]["trace_id"] == "a" * 32
    assert event["exception"]["values"][-1]["type"] == "RuntimeError"
    told = receiver.bodies[0][1].decode()
    for personal in (mia.token, mia.user.email, str(mia.user.pk), mia.session_key, "Mia", "mia@", "127.0.0.1"):
        assert personal not in told.replace(f"127.0.0.1:{receiver.port}", "")


def test_of_a_thousand_secrets_none_arrives(receiver: Receiver) -> None:
    everything = list(planted())
    for one in everything:
        tell(one.text)
        assert receiver.wait()
    told = b"".join(body for _, body in receiver.bodies).decode()
    assert told.count('"function":"fail"') == len(everything)
    assert len(receiver.bodies) == len(everything)
    assert [one for one in everything if json.dumps(one.secret)[1:-1] in told or one.secret in told] == []
    assert "hunter2-in-a-local" not in told


def test_a_receiver_that_hangs_costs_no_request_anything(receiver: Receiver, mia: Person) -> None:
    receiver.free.clear()
    for number in range(300):
        tell(f"number {number}")
    # Nobody waited for the receiver, which keeps a sender for as long as it likes.
    assert receiver.free.is_set() is False
    assert len(receiver.bodies) <= 1
    assert mia.api.get("/api/members").status_code == 200


def test_a_receiver_that_refuses_costs_no_request_anything(monkeypatch: pytest.MonkeyPatch, mia: Person) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        with sending_to(port, monkeypatch):
            for number in range(300):
                tell(f"number {number}")
            assert mia.api.get("/api/members").status_code == 200


def test_the_same_fault_has_the_fingerprint_of_the_console(receiver: Receiver) -> None:
    tell("one")
    tell("two")
    assert receiver.wait(2)
    first, second = events(receiver)
    assert first["fingerprint"] == second["fingerprint"]
