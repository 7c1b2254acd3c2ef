"""Sends it, where somebody has switched it on and named an address; the one place from which telemetry leaves."""

import hashlib
import os
import ssl
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings

from observability.console.telemetry.payload import payload
from observability.console.verbs import marks
from tenancy.context import Actor, tenant_context
from tenancy.operators import OPERATORS_ID

log = structlog.get_logger("tika.telemetry")
PATIENCE = 10.0
LOCAL = {"127.0.0.1", "::1", "localhost"}
SENDER = Actor("system", "telemetry")


class Unsendable(Exception):
    """A sentence."""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """What was agreed to is one address."""

    def redirect_request(self, *args: Any, **more: Any) -> None:
        return None


def is_on() -> bool:
    """https://consoledonottrack.com: whoever says so is not asked again."""
    refused = os.environ.get("DO_NOT_TRACK", "").strip().lower() not in {"", "0", "false"}
    return bool(settings.TELEMETRY_ON and settings.TELEMETRY_URL and not refused)


def address() -> str:
    """Raises Unsendable."""
    parts = urlsplit(settings.TELEMETRY_URL)
    if parts.scheme != "https" and parts.hostname not in LOCAL:
        raise Unsendable(f"TIKA_TELEMETRY_URL must begin with https://: {settings.TELEMETRY_URL!r}")
    return str(settings.TELEMETRY_URL)


def send() -> bytes:
    """Returns what was sent. Raises Unsendable; nothing is kept to be sent later."""
    if not is_on():
        raise Unsendable("Telemetry is off: TIKA_TELEMETRY=on and TIKA_TELEMETRY_URL switch it on, DO_NOT_TRACK off.")
    with tenant_context(OPERATORS_ID, actor=SENDER):
        body = payload()
        marks.record("other", "telemetry", detail=f"{len(body)} bytes, sha256 {hashlib.sha256(body).hexdigest()}")
    request = urllib.request.Request(  # noqa: S310 - `address` has looked at it
        address(), data=body, method="POST", headers={"Content-Type": "application/json", "User-Agent": "tika"}
    )
    opener = urllib.request.build_opener(NoRedirect, urllib.request.HTTPSHandler(context=ssl.create_default_context()))
    try:
        with opener.open(request, timeout=PATIENCE):
            return body
    except (urllib.error.URLError, OSError) as error:
        raise Unsendable(f"{urlsplit(settings.TELEMETRY_URL).hostname} did not take it: {error}") from error


def send_daily() -> None:
    """The worker's round; a link that is down changes nothing, tomorrow's figures are newer."""
    if not is_on():
        return
    try:
        send()
    except Unsendable as error:
        log.warning("telemetry_not_sent", reason=str(error))
