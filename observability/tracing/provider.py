"""OpenTelemetry as this process uses it; loaded where a collector is named."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from opentelemetry import context, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.django import DjangoInstrumentor
from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from observability import middleware
from observability.logs import context as names
from observability.logs.lines import shape
from observability.tracing import statements
from observability.tracing.head import Head, attributes_of, propagator
from observability.tracing.redacted import Redacting
from observability.tracing.sampling import Share, ratio

SUPPRESS = "suppress_instrumentation"
KINDS = {kind.name.lower(): kind for kind in SpanKind}
THEIRS = DjangoInstrumentor._opentelemetry_middleware
HEAD = f"{Head.__module__}.{Head.__qualname__}"
# Asked by machines, every few seconds.
PROBES = r"/(livez|readyz|startupz|api/health)\b,/static/"
SAMPLED = TraceFlags(TraceFlags.SAMPLED)
tracer: trace.Tracer
processor: BatchSpanProcessor
resource: Resource


class Origin(Resource):
    """This process. The exporter asks for its hash with each span, and theirs writes it all as JSON to make one."""

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other


def start(*, serves: bool) -> Callable[[], None]:
    """What ends it is answered. Spans wait in a queue of 2,048; what does not fit, or is not taken, is dropped."""
    global tracer, processor, resource
    base = shape.base
    described = Resource.create(
        {
            "service.name": base["service"],
            "service.version": base["version"],
            "deployment.environment.name": base["env"],
        }
    )
    resource = Origin(described.attributes, described.schema_url)
    share = ratio()
    provider = TracerProvider(sampler=Share(share), resource=resource, shutdown_on_exit=False)
    processor = BatchSpanProcessor(Redacting(OTLPSpanExporter()))
    provider.add_span_processor(processor)
    trace.set_tracer_provider(provider)
    tracer = provider.get_tracer("tika")
    names.current_span = current_names
    if serves:
        unseen = os.environ.get("OTEL_PYTHON_DJANGO_EXCLUDED_URLS", PROBES)
        DjangoInstrumentor().instrument(tracer_provider=provider, excluded_urls=unseen)
        Head.ratio, Head.tracer = share, tracer
        settings.MIDDLEWARE = [HEAD if name == THEIRS else name for name in settings.MIDDLEWARE]
        statements.install()
        middleware.observers.append(keep_failed)
    else:
        PsycopgInstrumentor().instrument(tracer_provider=provider, skip_dep_check=True)
    return provider.shutdown


def current_names() -> tuple[str, str, str] | None:
    """(trace id, span id, flags) of the span that we are in."""
    found = trace.get_current_span().get_span_context()
    if not found.is_valid:
        return None
    return f"{found.trace_id:032x}", f"{found.span_id:016x}", f"{found.trace_flags:02x}"


def keep_failed(request: HttpRequest, response: HttpResponse, route: str, seconds: float) -> None:
    """A request that failed outside the share is told as one span, without what it did."""
    mine = names.about.get()
    if response.status_code < 500 or mine is None or trace.get_current_span().is_recording():
        return
    now = time.time_ns()
    kept = ReadableSpan(
        name=f"{request.method} {route}",
        context=SpanContext(int(mine.trace_id, 16), int(mine.span_id, 16), is_remote=False, trace_flags=SAMPLED),
        resource=resource,
        attributes={**attributes_of(request, response, route), "tika.kept": "failed"},
        kind=SpanKind.SERVER,
        status=Status(StatusCode.ERROR),
        start_time=now - int(seconds * 1e9),
        end_time=now,
    )
    processor.on_end(kept)


@contextmanager
def span(name: str, *, parent: str, kind: str, attributes: Mapping[str, Any]) -> Iterator[None]:
    above = propagator.extract({"traceparent": parent}) if parent else None
    with tracer.start_as_current_span(name, context=above, kind=KINDS[kind], attributes=attributes) as made:
        if made.is_recording():
            yield
        else:
            token = context.attach(context.set_value(SUPPRESS, True))
            try:
                yield
            finally:
                context.detach(token)
