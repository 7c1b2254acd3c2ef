"""Where a request went: OpenTelemetry, when the environment names a collector (guide section 2.1).

Nothing of OpenTelemetry is loaded without `OTEL_EXPORTER_OTLP_ENDPOINT`. A provider has threads, which a fork does not
copy: each process starts its own, `web` after the fork and before Django builds its middleware.
"""

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

# How long the end of a process waits for the last spans; who is gone by then loses them.
PATIENCE = 2.0
shutdown: Callable[[], None] | None = None


def is_wanted() -> bool:
    return bool(os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"))


def start(*, serves: bool = False) -> None:
    """Once a process; `serves` where Django answers requests. Raises ValueError for a sampling ratio that is none."""
    global shutdown
    if is_wanted() and shutdown is None:
        from observability.tracing import provider

        shutdown = provider.start(serves=serves)


def stop() -> None:
    global shutdown
    if shutdown is not None:
        last = threading.Thread(target=shutdown, daemon=True)
        shutdown = None
        last.start()
        last.join(PATIENCE)


@contextmanager
def span(name: str, *, parent: str = "", kind: str = "internal", **attributes: Any) -> Iterator[None]:
    """Around what leaves the process (`kind` client), or is done for somebody (server, or consumer of a queue).

    `parent` is a traceparent. Attributes are redacted before they leave; an exception that passes is noted.
    """
    if shutdown is None:
        yield
        return
    from observability.tracing import provider

    with provider.span(name, parent=parent, kind=kind, attributes=attributes):
        yield


def headers() -> Mapping[str, str]:
    """For an outgoing request: whose work it is."""
    from observability.logs.context import about

    current = about.get()
    return {} if current is None else {"traceparent": current.traceparent, "X-Request-Id": current.request_id}
