"""Which traces are kept: a share of them, whole."""

import os
from typing import Any

from opentelemetry.sdk.trace.sampling import Decision, Sampler, SamplingResult, TraceIdRatioBased
from opentelemetry.trace import SpanKind, get_current_span

from observability.tracing.head import chosen

USUAL_RATIO = 0.05
ROOTS = {SpanKind.SERVER, SpanKind.CONSUMER}


class Share(Sampler):
    """What belongs to a kept trace of this process, or to a job that one of ours queued, is kept; else its id decides.

    A caller's wish (`traceparent` with flag 01) is not followed: anybody could have everything recorded. The id decides
    alike for all who use the same ratio, so that a trace over several of our processes is whole.
    """

    def __init__(self, ratio: float) -> None:
        self.ratio = ratio
        self.by_id = TraceIdRatioBased(ratio)

    def should_sample(
        self,
        parent_context: Any,
        trace_id: int,
        name: str,
        kind: Any = None,
        attributes: Any = None,
        *more: Any,
        **rest: Any,
    ) -> SamplingResult:
        parent = get_current_span(parent_context).get_span_context()
        if parent.is_valid and (not parent.is_remote or kind == SpanKind.CONSUMER):
            keep = parent.trace_flags.sampled
            return SamplingResult(Decision.RECORD_AND_SAMPLE if keep else Decision.DROP, attributes)
        if kind not in ROOTS:
            # What a process does for nobody: its own statements, every few seconds.
            return SamplingResult(Decision.DROP, attributes)
        if chosen.get():
            return SamplingResult(Decision.RECORD_AND_SAMPLE, attributes)
        return self.by_id.should_sample(None, trace_id, name, kind, attributes)

    def get_description(self) -> str:
        return f"Share({self.ratio})"


def ratio() -> float:
    """Raises ValueError."""
    text = os.environ.get("OTEL_TRACES_SAMPLER_ARG", "") or str(USUAL_RATIO)
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found <= 1:
        raise ValueError(f"OTEL_TRACES_SAMPLER_ARG is {text!r}; it must be a number from 0 to 1")
    return found
