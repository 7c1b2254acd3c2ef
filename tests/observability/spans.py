"""What a collector received, read back from OTLP."""

from dataclasses import dataclass, field
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.observability.receiving import Receiver

KINDS = {1: "internal", 2: "server", 3: "client", 4: "producer", 5: "consumer"}


@dataclass(frozen=True)
class Told:
    name: str
    trace_id: str
    span_id: str
    parent: str
    kind: str
    service: str
    failed: bool
    attributes: dict[str, Any] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)


def value_of(given: Any) -> Any:
    return getattr(given, given.WhichOneof("value") or "string_value")


def received(receiver: Receiver) -> list[Told]:
    found = []
    for path, body in list(receiver.bodies):
        assert path == "/v1/traces"
        for group in ExportTraceServiceRequest.FromString(body).resource_spans:
            resource = {each.key: value_of(each.value) for each in group.resource.attributes}
            for span in (span for scope in group.scope_spans for span in scope.spans):
                found.append(
                    Told(
                        name=span.name,
                        trace_id=span.trace_id.hex(),
                        span_id=span.span_id.hex(),
                        parent=span.parent_span_id.hex(),
                        kind=KINDS[span.kind],
                        service=resource["service.name"],
                        failed=span.status.code == 2,
                        attributes={each.key: value_of(each.value) for each in span.attributes},
                        events=[str(each) for each in span.events],
                    )
                )
    return found
