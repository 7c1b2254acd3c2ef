"""Heat maps. Each cell says how much by its shade and by the height of its filling, so that neither eye nor printer
needs the colour; the numbers stand beside it or in its table."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from observability.console.charts import Line, time_labels
from observability.console.figures import moment, shown_count, shown_ms
from observability.console.queries.traffic import Answers, Route
from observability.console.spans import Span
from observability.slo.edges import BUCKETS, EDGES_MS

# A 95th percentile up to here is of this level, the last of which has no end. 300 and 1000 ms are objectives.
LEVELS_MS = (100, 300, 1000)
LEVELS = len(LEVELS_MS) + 1
# Of the answers of a step, what share lies in a cell, at least.
SHARES = (0.0, 0.05, 0.2, 0.5)


@dataclass(frozen=True)
class Cell:
    """Placed in a picture whose unit is a step; `level` from 1."""

    x: float
    y: float
    height: float
    level: int
    title: str


@dataclass(frozen=True)
class Strip:
    route: Route
    cells: list[Cell]
    width: int


@dataclass(frozen=True)
class Heat:
    """`rows` from slow to fast, each (label, whether it is above 300 ms, its cells)."""

    width: int
    rows: list[tuple[str, bool, list[Cell]]]
    x_ticks: list[Line]
    table: list[dict[str, Any]]
    labels: list[str]


def level_of(milliseconds: float) -> int:
    return 1 + sum(milliseconds > edge for edge in LEVELS_MS)


def strips(routes: list[Route], span: Span, begin: datetime) -> list[Strip]:
    times = span.times(begin)
    return [Strip(route, strip_cells(route, times), len(times)) for route in routes]


def strip_cells(route: Route, times: list[datetime]) -> list[Cell]:
    """Full height is the slowest level; a step without an answer stays empty, one with failures alone is full."""
    cells = []
    for place, at in enumerate(times):
        answers = route.strip.get(at)
        if answers is None:
            continue
        p95 = answers.p95
        level = LEVELS if p95 is None else level_of(p95)
        height = level / LEVELS
        text = "–" if p95 is None else shown_ms(p95)
        cells.append(Cell(place, 1 - height, height, level, f"{moment(at)} · p95 {text} · {shown_count(answers.all)}"))
    return cells


def bucket_labels() -> list[str]:
    """From fast to slow."""
    return [f"≤ {shown_ms(edge)}" for edge in EDGES_MS] + [f"> {shown_ms(EDGES_MS[-1])}"]


def heat_map(answers: dict[datetime, Answers], span: Span, begin: datetime) -> Heat:
    times, labels = span.times(begin), bucket_labels()
    rows = []
    for bucket in reversed(range(BUCKETS)):
        cells = [cell for place, at in enumerate(times) if (cell := bucket_cell(answers.get(at), bucket, place, at))]
        rows.append((labels[bucket], bucket > EDGES_MS.index(300), cells))
    table = [
        {"time": at, "hist": answers[at].hist, "failed": answers[at].failed} for at in reversed(times) if at in answers
    ]
    ticks = [
        Line(f"{(at - begin) / span.length * 100:.2f}%", label) for at, label in time_labels(begin, begin + span.length)
    ]
    return Heat(len(times), rows, ticks, table, labels)


def bucket_cell(answers: Answers | None, bucket: int, place: int, at: datetime) -> Cell | None:
    if answers is None or not answers.hist[bucket]:
        return None
    count = answers.hist[bucket]
    level = sum(count / answers.succeeded > share for share in SHARES)
    height = level / len(SHARES)
    return Cell(place, 1 - height, height, level, f"{moment(at)} · {bucket_labels()[bucket]} · {shown_count(count)}")
