"""What would be sent now: one function for showing it and for sending it."""

import hashlib
import hmac
import sys
from collections import Counter
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import get_language

from observability.console.queries import doctor
from observability.console.queries.usage import usage
from observability.console.telemetry.fields import SCHEMA, encode, magnitude
from observability.slo.queries.standing import standings


def site() -> str:
    """Tells one site from another and nobody which; it changes with the signing key."""
    return hmac.new(settings.SECRET_KEY.encode(), b"tika telemetry", hashlib.sha256).hexdigest()[:32]


def values() -> dict[str, Any]:
    """In the operators' transaction."""
    used, report = usage(), doctor.recent_report(get_language() or "en")
    states = Counter(str(one.state) for one in report.results)
    known = [one.remaining for one in standings() if one.objective.gates_deploys and one.remaining is not None]
    return {
        "schema": SCHEMA,
        "site": site(),
        "day": f"{timezone.now():%Y-%m-%d}",
        "version": settings.VERSION,
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "postgresql": connection.cursor().connection.info.server_version // 10_000,
        "fit_for": report.fit_for.name.lower() if report.fit_for else "none",
        "used_as": report.used_as.name.lower(),
        **{f"checks_{state}": states[state] for state in ("ok", "warn", "unknown", "fail")},
        "people": magnitude(used.people),
        "workspaces": magnitude(used.workspaces),
        "tickets": magnitude(used.tickets),
        "requests_per_day": magnitude(used.requests),
        "errors_7d": magnitude(used.errors),
        **({"least_budget": round(min(known), 2)} if known else {}),
    }


def payload() -> bytes:
    return encode(values())
