"""Whom this installation speaks to, by its settings; a firewall need let nothing else out."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from observability.console.telemetry.switches import destination, is_on

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Other:
    """`where` is host:port, or empty where nobody is named."""

    what: Any
    where: str
    setting: str


def others() -> list[Other]:
    env: Callable[..., str] = os.environ.get
    traces = env("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "") or env("OTEL_EXPORTER_OTLP_ENDPOINT", "")
    is_bucket = env("TIKA_BACKUP_URL", "").startswith("s3://")
    bucket = env("TIKA_BACKUP_S3_ENDPOINT", "") or "https://s3.amazonaws.com"
    mail = f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}" if settings.MAIL_LEAVES else ""
    database = settings.DATABASES["default"]
    is_socket = not database["HOST"] or database["HOST"].startswith("/")
    server = "" if is_socket else f"{database['HOST']}:{database['PORT'] or 5432}"
    return [
        Other(_("Database"), server, "DATABASE_URL"),
        Other(_("Shared limits"), host_of(settings.REDIS_URL), "REDIS_URL"),
        Other(_("Mail"), mail, "EMAIL_URL"),
        Other(_("Backups"), host_of(bucket) if is_bucket else "", "TIKA_BACKUP_URL"),
        Other(_("Exceptions"), host_of(settings.SENTRY_DSN), "SENTRY_DSN"),
        Other(_("Traces"), host_of(traces), "OTEL_EXPORTER_OTLP_ENDPOINT"),
        Other(_("Telemetry"), destination() if is_on() else "", "TIKA_TELEMETRY_URL"),
        Other(_("A proxy for what is asked outside"), host_of(settings.OUTGOING_PROXY), "TIKA_OUTGOING_PROXY"),
    ]


def host_of(url: str) -> str:
    """Without what may be secret in it."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return "?"
    return (f"{parts.hostname}:{port}" if port else parts.hostname) if parts.hostname else ""
