"""Names each request and writes one line about it."""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from observability.logs import context
from observability.logs.context import About, about, new_span_id, parse_traceparent
from observability.logs.redaction import redact

Respond = Callable[[HttpRequest], HttpResponse]
# Told of every answer: the request, the response, the route's pattern, and how many seconds it took.
Observe = Callable[[HttpRequest, HttpResponse, str, float], None]
observers: list[Observe] = []
UNMATCHED = "__unmatched__"
# Whatever else a client makes up is counted as one.
METHODS = {name: name for name in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")}
OTHER = "OTHER"
log = structlog.get_logger("tika.request")
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestLog:
    """Sets `request.id` (the caller's X-Request-Id where it is well formed) and answers it, and `traceparent`."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        told = about_request(request.headers.get("X-Request-Id", ""), request.headers.get("traceparent", ""))
        request.id = told.request_id  # type: ignore[attr-defined]
        told.request = request
        before = about.set(told)
        try:
            response = self.get_response(request)
            response["X-Tika-Version"] = settings.VERSION
            response["X-Request-Id"] = told.request_id
            response["traceparent"] = told.traceparent
            route = request.resolver_match.route if request.resolver_match else UNMATCHED
            seconds = time.perf_counter() - started
            for observe in observers:
                observe(request, response, route, seconds)
            write_line(request.method or "", route, response.status_code, seconds)
            return response
        finally:
            about.reset(before)


def about_request(given_id: str, traceparent: str) -> About:
    """The caller's names where they are well formed and hide nothing; else one new name that serves for both."""
    span = context.current_span() if context.current_span else None
    parent = parse_traceparent(traceparent)
    own_id = span[0] if span and parent is None else uuid.uuid4().hex
    request_id = given_id if GIVEN_ID.fullmatch(given_id) and redact(given_id) == given_id else own_id
    if span is not None:
        return About(request_id, trace_id=span[0], span_id=span[1], flags=span[2])
    if parent is not None:
        # Where we decide ourselves what is kept, this one is not.
        flags = "00" if context.current_span else parent[2]
        return About(request_id, trace_id=parent[0], span_id=new_span_id(), flags=flags)
    return About(request_id, trace_id=own_id, span_id=new_span_id())


def write_line(method: str, route: str, status: int, seconds: float, *, event: str = "request", **more: object) -> None:
    log.info(event, method=method, route=route, status=status, duration_ms=round(seconds * 1000, 1), **more)
