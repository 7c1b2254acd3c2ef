"""Sends it, where somebody has switched it on and named an address; the one place from which telemetry leaves."""

import hashlib
from contextlib import suppress

import structlog
from django.conf import settings

from observability import outgoing
from observability.console.models import Mark
from observability.console.telemetry.payload import payload
from observability.console.telemetry.switches import is_on
from observability.console.verbs import marks
from tenancy.context import Actor, tenant_context
from tenancy.operators import OPERATORS_ID

log = structlog.get_logger("tika.telemetry")
NAME = "telemetry"
TAKEN = "taken"
PATIENCE = 10.0
SENDER = Actor("system", "telemetry")


class Unsendable(Exception):
    """A sentence."""


def send() -> bytes:
    """Returns what was sent. Raises Unsendable; nothing is kept to be sent later."""
    if not is_on():
        raise Unsendable("Telemetry is off: TIKA_TELEMETRY=on and TIKA_TELEMETRY_URL switch it on, DO_NOT_TRACK off.")
    with tenant_context(OPERATORS_ID, actor=SENDER):
        body, mark = begin()
    finish(body, mark)
    return body


def send_daily() -> None:
    """The worker's round; a link that is down changes nothing, tomorrow's figures are newer."""
    if is_on():
        # The log tells why.
        with suppress(Unsendable):
            send()


def begin() -> tuple[bytes, Mark]:
    """In the operators' transaction, which ends before `finish`: what leaves is written down before it does."""
    body = payload()
    detail = f"{len(body)} bytes, sha256 {hashlib.sha256(body).hexdigest()}"
    return body, marks.record("other", NAME, detail=detail)


def finish(body: bytes, mark: Mark) -> None:
    """Writes down what became of it. Raises Unsendable."""
    outcome = TAKEN
    try:
        deliver(body)
    except Unsendable as error:
        outcome = str(error)
        log.warning("telemetry_not_sent", reason=outcome)
        raise
    finally:
        with tenant_context(OPERATORS_ID, actor=SENDER):
            marks.add_to(mark, f", {outcome}")


def deliver(body: bytes) -> None:
    """Raises Unsendable. No name of a request goes along: what was shown is all that leaves."""
    try:
        answer = outgoing.ask(
            settings.TELEMETRY_URL,
            reach=outgoing.Reach.SITE,
            method="POST",
            body=body,
            headers={"Content-Type": "application/json"},
            seconds=PATIENCE,
            tells_who=False,
        )
    except outgoing.Failed as error:
        raise Unsendable(f"It could not be sent: {error}") from error
    if not 200 <= answer.status < 300:
        raise Unsendable(f"It was not taken: the answer is {answer.status}.")
