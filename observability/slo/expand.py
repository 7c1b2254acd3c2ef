"""From what happened to good and valid events, objective by objective (research trap T7)."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from observability.metrics.catalogue import SLO_EVENTS
from observability.metrics.page import page
from observability.slo.edges import EDGES_MS
from observability.slo.objective import Objective, objectives
from tenancy.operators import OPERATORS_ID

API = "api/"
Age = Callable[[int], float]
Row = dict[str, Any]


@dataclass
class Cell:
    """Answers of a route: `hist` and `sum_ms` of those that succeeded (2xx, 3xx); `broken` are 5xx, `given_up` 499."""

    hist: list[int]
    sum_ms: float = 0.0
    broken: int = 0
    given_up: int = 0
    synthetic: int = 0

    @property
    def answered(self) -> int:
        return sum(self.hist)


@dataclass
class Measured:
    """How many took how long, for thresholds of any value."""

    values: list[float] = field(default_factory=list)

    def add(self, milliseconds: float) -> None:
        self.values.append(milliseconds)


def payload_of(
    cells: dict[tuple[uuid.UUID | None, str, str, int], Cell], measured: dict[tuple[str, int], Measured], age: Age
) -> dict[str, list[Row]]:
    minutes: dict[tuple[str | None, str, int], Row] = {}
    routes: dict[tuple[str, str, int], Row] = {}
    for (tenant, route, method, slot), cell in cells.items():
        for owner, objective in counting(tenant, route):
            add_up(minutes, (owner, objective.name, slot), counted(objective, cell))
        add_up(routes, (route, method, slot), route_row(cell))
    for (indicator, slot), found in measured.items():
        for objective in of_indicator(indicator):
            add_up(minutes, (None, objective.name, slot), timed(objective, found))
    return {
        "minutes": [{"tenant": t, "sli": s, "age": age(slot), **row} for (t, s, slot), row in minutes.items()],
        "routes": [{"route": r, "method": m, "age": age(slot), **row} for (r, m, slot), row in routes.items()],
    }


def of_indicator(*indicators: str) -> list[Objective]:
    return [objective for objective in objectives().all if objective.indicator in indicators]


def counting(tenant: uuid.UUID | None, route: str) -> Iterator[tuple[str | None, Objective]]:
    """Whose objectives an answer counts for: the installation's, and its workspace's own, which for the operators'
    workspace are the same rows."""
    latency = ["api_latency"] if route.startswith(API) else []
    for objective in of_indicator("availability", "error_rate", *latency):
        yield None, objective
        if tenant and tenant != OPERATORS_ID and objective.per_tenant:
            yield str(tenant), objective


def counted(objective: Objective, cell: Cell) -> Row:
    answered, failed = cell.answered, cell.broken + cell.given_up
    if objective.indicator == "api_latency":
        # What failed is the availability's; a failure that came fast is no fast answer.
        fast = sum(cell.hist[: EDGES_MS.index(objective.threshold_ms) + 1])
        numbers = {"good": fast, "valid": answered, "synthetic": min(cell.synthetic, answered)}
        return {**numbers, "sum_ms": cell.sum_ms, "hist": list(cell.hist)}
    bad = cell.broken if objective.indicator == "error_rate" else failed
    valid = answered + failed
    return {"good": valid - bad, "valid": valid, "synthetic": cell.synthetic, "sum_ms": 0.0, "hist": None}


def timed(objective: Objective, found: Measured) -> Row:
    good = sum(value <= objective.threshold_ms for value in found.values)
    sum_ms = sum(found.values)
    return {"good": good, "valid": len(found.values), "synthetic": 0, "sum_ms": sum_ms, "hist": None}


def route_row(cell: Cell) -> Row:
    return {"failed": cell.broken + cell.given_up, "sum_ms": cell.sum_ms, "hist": list(cell.hist)}


def export(indicator: str, milliseconds: float) -> None:
    """For Prometheus, which counts for itself."""
    for objective in of_indicator(indicator):
        result = "good" if milliseconds <= objective.threshold_ms else "bad"
        page.add(page.place(SLO_EVENTS, objective.name, result))


def add_up(rows: dict[Any, Row], key: Any, row: Row) -> None:
    found = rows.setdefault(key, row)
    if found is row:
        return
    for name, value in row.items():
        if isinstance(value, list):
            found[name] = [a + b for a, b in zip(found[name], value, strict=True)]
        elif value is not None:
            found[name] += value
