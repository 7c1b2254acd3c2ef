"""Recording and alerting rules: multi-window, multi-burn-rate, with a rule for silence.

Windows up to six hours are read from the counters; longer ones add up what was recorded for each minute, or each five,
weighted by traffic, so that no rule reads a month of raw series.
"""

from collections.abc import Iterator
from typing import Any

from observability.slo.burn import can_fire
from observability.slo.objective import Objective, Objectives, Window
from observability.slo.rules.promql import Events, events_of

INTERVAL = "30s"
RAW_MINUTES = 360
DAY = 24 * 60
MINUTELY = 3 * DAY


def rules_of(found: Objectives) -> dict[str, Any]:
    groups = []
    for objective in found.all:
        if events := events_of(objective):
            rules = [*recorded(objective, events, found), *alerts(objective, found), *absent(objective)]
            groups.append({"name": f"slo-{objective.name}", "interval": INTERVAL, "rules": rules})
    return {"groups": groups}


def span(minutes: int) -> str:
    """300 -> "5h", as Prometheus writes it."""
    for size, letter in ((DAY, "d"), (60, "h")):
        if minutes % size == 0:
            return f"{minutes // size}{letter}"
    return f"{minutes}m"


def lengths(objective: Objective, found: Objectives) -> list[int]:
    of_alerts = {n for window in found.windows for n in (window.long_minutes, window.short_minutes)}
    return sorted(of_alerts | {objective.window_days * DAY})


def recorded(objective: Objective, events: Events, found: Objectives) -> Iterator[dict[str, Any]]:
    labels = {"slo": objective.name, "service": "tika"}
    chosen = f'{{slo="{objective.name}"}}'
    kinds = {"bad": events.bad_in, "valid": events.valid_in}
    for kind, expression in kinds.items():
        yield {"record": f"slo:{kind}_events:rate1m", "expr": expression("1m"), "labels": labels}
    yield {"record": "slo:objective:ratio", "expr": f"vector({objective.target})", "labels": labels}
    for minutes in lengths(objective, found):
        window = span(minutes)
        for kind, expression in kinds.items():
            step = "1m" if minutes <= MINUTELY else "5m"
            long = f"avg_over_time(slo:{kind}_events:rate{step}{chosen}[{window}:{step}])"
            read = expression(window) if minutes <= RAW_MINUTES else long
            yield {"record": f"slo:{kind}_events:rate{window}", "expr": read, "labels": labels}
        bad, valid = (f"slo:{kind}_events:rate{window}{chosen}" for kind in kinds)
        yield {"record": f"slo:sli_error:ratio_rate{window}", "expr": f"{bad} / ({valid} > 0)", "labels": labels}
    whole = span(objective.window_days * DAY)
    left = f"1 - slo:sli_error:ratio_rate{whole}{chosen} / {objective.budget:.6g}"
    yield {"record": "slo:error_budget_remaining:ratio", "expr": left, "labels": labels}


def alerts(objective: Objective, found: Objectives) -> Iterator[dict[str, Any]]:
    for window in found.windows:
        if can_fire(objective, window):
            yield alert(objective, window)


def alert(objective: Objective, window: Window) -> dict[str, Any]:
    """The tier lets an inhibition mute the slower windows while a faster one fires."""
    chosen, limit = f'{{slo="{objective.name}"}}', f"{window.factor * objective.budget:.6g}"
    long, short = span(window.long_minutes), span(window.short_minutes)
    enough = f"slo:bad_events:rate{long}{chosen} * {window.long_minutes * 60} >= {window.minimum_bad}"
    burns = " and ".join(f"slo:sli_error:ratio_rate{length}{chosen} > {limit}" for length in (long, short))
    return {
        "alert": f"TikaErrorBudgetBurn{window.name.title()}",
        "expr": f"{burns} and {enough}",
        "labels": {"severity": window.severity, "slo": objective.name, "tier": window.name, "service": "tika"},
        "annotations": {
            "summary": f"{objective.name} burns its error budget {window.factor:g} times too fast",
            "description": f"Over {long} and over {short} the share of bad events is above {limit}.",
        },
    }


def absent(objective: Objective) -> Iterator[dict[str, Any]]:
    if objective.absent_after_minutes:
        chosen = f'{{slo="{objective.name}"}}'
        yield {
            "alert": "TikaNothingCounted",
            "expr": f"absent(slo:valid_events:rate1m{chosen} > 0)",
            "for": f"{objective.absent_after_minutes}m",
            "labels": {"severity": "page", "slo": objective.name, "tier": "absent", "service": "tika"},
            "annotations": {
                "summary": f"Nothing is counted for {objective.name}",
                "description": "Nobody asks, not even the prober: the service or the way to it is gone.",
            },
        }
