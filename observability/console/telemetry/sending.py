"""Sends it, where somebody has switched it on and named an address; the one place from which telemetry leaves."""

import hashlib
import os

import structlog
from django.conf import settings

from observability import outgoing
from observability.console.telemetry.payload import payload
from observability.console.verbs import marks
from tenancy.context import Actor, tenant_context
from tenancy.operators import OPERATORS_ID

log = structlog.get_logger("tika.telemetry")
PATIENCE = 10.0
SENDER = Actor("system", "telemetry")


class Unsendable(Exception):
    """A sentence."""


def is_on() -> bool:
    """https://consoledonottrack.com: whoever says so is not asked again."""
    refused = os.environ.get("DO_NOT_TRACK", "").strip().lower() not in {"", "0", "false"}
    return bool(settings.TELEMETRY_ON and settings.TELEMETRY_URL and not refused)


def send() -> bytes:
    """Returns what was sent. Raises Unsendable; nothing is kept to be sent later."""
    if not is_on():
        raise Unsendable("Telemetry is off: TIKA_TELEMETRY=on and TIKA_TELEMETRY_URL switch it on, DO_NOT_TRACK off.")
    with tenant_context(OPERATORS_ID, actor=SENDER):
        body = payload()
        marks.record("other", "telemetry", detail=f"{len(body)} bytes, sha256 {hashlib.sha256(body).hexdigest()}")
    deliver(body)
    return body


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


def send_daily() -> None:
    """The worker's round; a link that is down changes nothing, tomorrow's figures are newer."""
    if not is_on():
        return
    try:
        send()
    except Unsendable as error:
        log.warning("telemetry_not_sent", reason=str(error))
