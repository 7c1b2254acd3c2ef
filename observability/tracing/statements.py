"""The statements of a request that is traced, as Django knows of them: what is not kept costs one look.

The instrumentation of psycopg makes the cursors of each connection a class of their own, and wraps each statement of
each request for the few that are traced; the processes that speak to psycopg themselves have it.
"""

import time
from typing import Any

from django.conf import settings
from opentelemetry.trace import SpanKind, Status, StatusCode
from psycopg.sql import Composable

from observability.statement_timing import tell
from observability.tracing.head import Head, chosen

about: dict[str, str]


def install() -> None:
    global about
    about = {"db.system": "postgresql", "db.name": str(settings.DATABASES["default"]["NAME"])}
    tell(note)


def note(sql: Any, seconds: float, error: BaseException | None) -> None:
    """Under the span that we are in, once it is over: a statement has nothing below it."""
    if not chosen.get():
        return
    ended = time.time_ns()
    text = text_of(sql)
    span = Head.tracer.start_span(
        next(iter(text.split(maxsplit=1)), ""),
        kind=SpanKind.CLIENT,
        attributes={**about, "db.statement": text},
        start_time=ended - int(seconds * 1e9),
    )
    if error is not None:
        span.record_exception(error)
        span.set_status(Status(StatusCode.ERROR, f"{type(error).__name__}: {error}"))
    span.end(ended)


def text_of(sql: Any) -> str:
    if isinstance(sql, Composable):
        return sql.as_string()
    return sql.decode(errors="replace") if isinstance(sql, bytes) else str(sql)
