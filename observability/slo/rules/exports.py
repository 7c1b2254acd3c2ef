"""The same objectives for other generators: Sloth (prometheus/v1) and OpenSLO (openslo/v1)."""

from typing import Any

from observability.slo.objective import Objective, Objectives
from observability.slo.rules.promql import Events, events_of

SLOTH_WINDOW = "{{.window}}"
SERVICE = "tika"


def sloth(found: Objectives) -> dict[str, Any]:
    slos = [sloth_slo(objective, events) for objective in found.all if (events := events_of(objective))]
    return {"version": "prometheus/v1", "service": SERVICE, "slos": slos}


def sloth_slo(objective: Objective, events: Events) -> dict[str, Any]:
    queries = {"error_query": events.bad_in(SLOTH_WINDOW), "total_query": events.valid_in(SLOTH_WINDOW)}
    alerting = {f"{kind}_alert": {"labels": {"severity": kind}} for kind in ("page", "ticket")}
    return {
        "name": objective.name.replace("_", "-"),
        "objective": round(objective.target * 100, 6),
        "description": described(objective),
        "sli": {"events": queries},
        "alerting": {"name": "Tika" + objective.name.title().replace("_", ""), **alerting},
    }


def openslo(found: Objectives) -> list[dict[str, Any]]:
    spec = {"description": "A kanban board whose operations are built in"}
    service = {"apiVersion": "openslo/v1", "kind": "Service", "metadata": {"name": SERVICE}, "spec": spec}
    return [service, *(openslo_slo(one, events) for one in found.all if (events := events_of(one)))]


def openslo_slo(objective: Objective, events: Events) -> dict[str, Any]:
    name = objective.name.replace("_", "-")

    def source(query: str) -> dict[str, Any]:
        return {"metricSource": {"type": "Prometheus", "spec": {"query": query}}}

    ratio = {"counter": False, "bad": source(events.bad_in("5m")), "total": source(events.valid_in("5m"))}
    return {
        "apiVersion": "openslo/v1",
        "kind": "SLO",
        "metadata": {"name": name},
        "spec": {
            "description": described(objective),
            "service": SERVICE,
            "indicator": {"metadata": {"name": name}, "spec": {"ratioMetric": ratio}},
            "timeWindow": [{"duration": f"{objective.window_days}d", "isRolling": True}],
            "budgetingMethod": "Occurrences",
            "objectives": [{"displayName": name, "target": objective.target}],
        },
    }


def described(objective: Objective) -> str:
    within = f" within {objective.threshold_ms} ms" if objective.threshold_ms else ""
    share = f"{objective.target * 100:g} % of {objective.indicator} events are good{within}"
    return f"{share}, over {objective.window_days} days"
