"""Names each request and writes one line about it."""

import logging
import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

Respond = Callable[[HttpRequest], HttpResponse]
# Told of every answer: the request, the response, the route's pattern, and how many seconds it took.
Observe = Callable[[HttpRequest, HttpResponse, str, float], None]
observers: list[Observe] = []
UNMATCHED = "__unmatched__"
log = structlog.get_logger("tika.request")
GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
QUIET = ("/livez", "/readyz", "/static/")


class RequestLog:
    """Sets `request.id` (the caller's X-Request-Id when it is well formed) and answers it back."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response
        self.wanted = logging.getLogger("tika.request").isEnabledFor(logging.INFO)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        given = request.headers.get("X-Request-Id", "")
        request.id = given if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-Id"] = request.id  # type: ignore[attr-defined]
        route = request.resolver_match.route if request.resolver_match else UNMATCHED
        seconds = time.perf_counter() - started
        for observe in observers:
            observe(request, response, route, seconds)
        if self.wanted and not request.path.startswith(QUIET):
            log.info(
                "request",
                request_id=request.id,  # type: ignore[attr-defined]
                method=request.method,
                path=route,
                status=response.status_code,
                ms=round(seconds * 1000, 1),
            )
        return response
