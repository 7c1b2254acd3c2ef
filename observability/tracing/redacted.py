"""The last door of a span: what it says is redacted in the sender's thread, not in the request."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from opentelemetry.trace import Status

from observability.logs.redaction import is_secret, redact, redact_known, scrub

# Addresses as they were sent (an invitation's secret stands in its path), and who sent them. `http.route` says enough.
LEFT_OUT = (
    "http.url http.target http.user_agent http.client_ip http.host url.full url.path url.query user_agent.original"
    " client.address client.port net.peer.ip net.peer.port net.peer.name net.sock.peer.addr network.peer.address"
    " network.peer.port db.user"
)
HEADERS = ("http.request.header", "http.response.header")
DROPPED = frozenset(LEFT_OUT.split())


class Redacting(SpanExporter):
    def __init__(self, to: SpanExporter) -> None:
        self.to = to

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self.to.export([redacted(span) for span in spans])

    def shutdown(self) -> None:
        self.to.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self.to.force_flush(timeout_millis)


def redacted(span: ReadableSpan) -> ReadableSpan:
    return ReadableSpan(
        name=redact_known(span.name),
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=told(span.attributes),
        events=[Event(redact(each.name), told(each.attributes), each.timestamp) for each in span.events],
        links=span.links,
        kind=span.kind,
        status=Status(span.status.status_code, span.status.description and redact(span.status.description)),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def told(attributes: "Mapping[str, Any] | None") -> dict[str, Any]:
    return {
        name: redact_known(value) if isinstance(value, str) else scrub(value)
        for name, value in (attributes or {}).items()
        if is_told(name)
    }


@lru_cache(maxsize=1024)
def is_told(name: str) -> bool:
    return name not in DROPPED and not name.startswith(HEADERS) and not is_secret(name)
