"""What a line is about: the request, or the job, in whose course it is written."""

import random
import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})")
NO_TRACE, NO_SPAN = "0" * 32, "0" * 16


class About:
    """`request` is asked for tenant, person and route when a line is written: by then they may be known."""

    __slots__ = ("flags", "request", "request_id", "span_id", "tenant_id", "trace_id", "user_id")

    def __init__(self, request_id: str, *, trace_id: str, span_id: str, flags: str = "00", request: Any = None) -> None:
        self.request_id = request_id
        self.trace_id = trace_id
        self.span_id = span_id
        self.flags = flags
        self.request = request
        self.tenant_id: Any = None
        self.user_id: Any = None

    @property
    def traceparent(self) -> str:
        """For whom we call in the course of it, and for who called us (W3C Trace Context)."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags}"

    def fields(self) -> dict[str, Any]:
        tenant_id, user_id, route = self.tenant_id, self.user_id, None
        if (request := self.request) is not None:
            member = getattr(request, "member", None)
            tenant_id = member.tenant_id if member else None
            user_id = getattr(request, "user_id", None)
            route = request.resolver_match.route if request.resolver_match else None
        return {
            "request_id": self.request_id,
            "trace_id": self.trace_id,
            "span_id": self.span_id,
            "tenant_id": None if tenant_id is None else str(tenant_id),
            "user_id": None if user_id is None else str(user_id),
            "route": route,
        }


# (trace id, span id, flags) of the span that we are in, where tracing is on (observability.tracing).
current_span: Callable[[], tuple[str, str, str] | None] | None = None
about: ContextVar[About | None] = ContextVar("tika_about", default=None)


def new_span_id() -> str:
    return f"{random.getrandbits(64) or 1:016x}"


def parse_traceparent(text: str) -> tuple[str, str, str] | None:
    """(trace id, the caller's span id, flags); None where it is not well formed."""
    found = TRACEPARENT.fullmatch(text)
    if found is None or found[1] == NO_TRACE or found[2] == NO_SPAN:
        return None
    return found[1], found[2], found[3]
