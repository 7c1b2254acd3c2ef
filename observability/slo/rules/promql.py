"""What is bad and what is valid, in Prometheus's words: the same events as `observe` and `expand` count."""

from dataclasses import dataclass

from observability.slo.objective import Objective
from observability.slo.observe import NOT_USE

NOT_ROUTES = "|".join(sorted(NOT_USE))
USE = f'path!~"{NOT_ROUTES}"'
ANSWERED = f'status=~"[23]..",path!~"__unmatched__|static/|{NOT_ROUTES}"'
FAST = 'path=~"api/.*",status=~"[23]xx"'
NOTHING = "vector(0)"


@dataclass(frozen=True)
class Events:
    """PromQL for the number of events per second in a window that stands for {{window}}; never absent, 0 for none."""

    bad: str
    good: str

    def bad_in(self, window: str) -> str:
        return self.bad.replace("{{window}}", window)

    def valid_in(self, window: str) -> str:
        return f"{self.good} + {self.bad}".replace("{{window}}", window)


def rate(metric: str, labels: str) -> str:
    return f"(sum(rate({metric}{{{labels}}}[{{{{window}}}}])) or {NOTHING})"


def events_of(objective: Objective) -> Events | None:
    """None where Prometheus has no source for it."""
    if objective.indicator == "availability":
        return Events(rate("http_request_total", f'status=~"5..|499",{USE}'), rate("http_request_total", ANSWERED))
    if objective.indicator == "error_rate":
        given_up = rate("http_request_total", f'status="499",{USE}')
        good = f"({rate('http_request_total', ANSWERED)} + {given_up})"
        return Events(rate("http_request_total", f'status=~"5..",{USE}'), good)
    if objective.indicator == "api_latency":
        all_of_them = rate("http_request_duration_ms_count", FAST)
        fast = rate("http_request_duration_ms_bucket", f'le="{float(objective.threshold_ms)}",{FAST}')
        return Events(f"({all_of_them} - {fast})", fast)
    if objective.indicator in ("page_load", "sync_lag"):
        good, bad = (rate("slo_events_total", f'slo="{objective.name}",result="{word}"') for word in ("good", "bad"))
        return Events(bad, good)
    return None
