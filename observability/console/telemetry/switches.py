"""What decides whether anything leaves: three variables of the environment, each of which can stop it."""

import os
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Switch:
    """`said` is its value, as far as it may be shown: an address may hold a key behind its host."""

    name: str
    said: str
    lets: bool
    means: Any


def switches() -> list[Switch]:
    is_on, host = settings.TELEMETRY_ON, destination()
    refused = os.environ.get("DO_NOT_TRACK", "").strip()
    # https://consoledonottrack.com: whoever says so is not asked again.
    is_refused = refused.lower() not in {"", "0", "false"}
    return [
        Switch(
            "TIKA_TELEMETRY",
            "on" if is_on else "off",
            is_on,
            _("It is switched on.") if is_on else _("It is off, as it is by default."),
        ),
        Switch(
            "TIKA_TELEMETRY_URL",
            host,
            bool(settings.TELEMETRY_URL),
            _("It goes there and nowhere else.") if host else _("No address is named."),
        ),
        Switch(
            "DO_NOT_TRACK",
            refused,
            not is_refused,
            _("It is set, and wins over the other two.") if is_refused else _("It does not forbid it."),
        ),
    ]


def is_on() -> bool:
    return all(one.lets for one in switches())


def destination() -> str:
    """host:port, all that a firewall has to let out; "" where none is named."""
    try:
        parts = urlsplit(settings.TELEMETRY_URL)
        port = parts.port or 443
    except ValueError:
        return "?"
    return f"{parts.hostname}:{port}" if parts.hostname else ""
