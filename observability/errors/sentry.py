"""Exceptions for a Sentry (or who speaks as one: GlitchTip, Bugsink), where SENTRY_DSN names it.

Without the SDK's integrations: what fails says so in the log, and from there comes here, redacted. So nothing is
wrapped around requests and statements, and no request, header, body, local variable or log line leaves with an event.
The SDK's own thread sends; its queue is bounded, and what doesn't fit is dropped.
"""

from typing import Any

import sentry_sdk
from sentry_sdk.utils import event_from_exception

from observability.errors.fingerprint import fingerprint_of
from observability.logs.faults import Fault
from observability.logs.redaction import redact, scrub

# What an event may say of frames, versions and the sender is our own code's.
AS_IT_IS = {"exception", "event_id", "timestamp", "platform", "sdk", "release", "environment", "level", "fingerprint"}
SHUTDOWN_SECONDS = 1


def start(dsn: str, *, release: str, environment: str) -> None:
    """Raises sentry_sdk.utils.BadDsn. The process must not fork afterwards without starting anew."""
    sentry_sdk.init(
        dsn=dsn,
        release=f"tika@{release}",
        environment=environment,
        default_integrations=False,
        auto_enabling_integrations=False,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        send_client_reports=False,
        shutdown_timeout=SHUTDOWN_SECONDS,
        server_name="",
        before_send=scrubbed,
    )


def send(fault: Fault) -> None:
    fields = fault.fields
    event, hint = event_from_exception(fault.exc_info, client_options=sentry_sdk.get_client().options)
    named = {"request_id": "request_id", "tenant": "tenant_id", "service": "service", "logger": "logger"}
    event["level"] = fields["level"]
    event["tags"] = {tag: str(fields[name]) for tag, name in named.items() if fields.get(name)}
    event["fingerprint"] = [fingerprint_of(fault.exc_info[1])]
    if fields.get("route"):
        event["transaction"] = fields["route"]
    if fields.get("trace_id"):
        event["contexts"] = {"trace": {"trace_id": fields["trace_id"], "span_id": fields["span_id"]}}
    sentry_sdk.capture_event(event, hint)


def flush() -> None:
    sentry_sdk.flush(timeout=SHUTDOWN_SECONDS)


def scrubbed(event: Any, hint: dict[str, Any]) -> Any:
    kept = {name: value if name in AS_IT_IS else scrub(value) for name, value in event.items()}
    for each in event.get("exception", {}).get("values", []):
        each["value"] = redact(str(each.get("value", "")))
        each.get("mechanism", {}).pop("data", None)
    return kept
