"""Who caused a job: carried across the queue, so that its lines, errors and spans bear the names of the request."""

import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from observability import tracing
from observability.logs import context
from observability.logs.context import About, about, new_span_id, parse_traceparent

# Among a job's arguments; the task itself never sees it.
KEY = "_cause"
Cause = Mapping[str, str]


def cause() -> dict[str, str]:
    """{"request_id", "traceparent"} of what we are doing, {} for what nobody asked for: to be stored with the job."""
    current = about.get()
    return {} if current is None else {"request_id": current.request_id, "traceparent": current.traceparent}


def carried() -> dict[str, Any]:
    """`task.defer(**carried(), board_id=...)`"""
    return {KEY: cause()}


@contextmanager
def working(name: str, caused_by: Cause, *, tenant_id: uuid.UUID | None = None) -> Iterator[None]:
    """Around the work on one job."""
    traceparent = str(caused_by.get("traceparent", ""))
    parent = parse_traceparent(traceparent)
    with tracing.span(name, parent=traceparent if parent else "", kind="consumer"):
        own = context.current_span() if context.current_span else None
        trace_id, span_id, flags = own or (parent[0] if parent else uuid.uuid4().hex, new_span_id(), "00")
        told = About(str(caused_by.get("request_id") or trace_id), trace_id=trace_id, span_id=span_id, flags=flags)
        told.tenant_id = tenant_id
        before = about.set(told)
        try:
            yield
        finally:
            about.reset(before)


async def around_job(call_next: Callable[[], Awaitable[Any]], job_context: Any, worker: Any) -> Any:
    """procrastinate's worker middleware."""
    job = job_context.job
    with working(f"job {job.task_name}", job.task_kwargs.pop(KEY, None) or {}):
        return await call_next()
