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
    width: float
    height: float
    level: int
    title: str


@dataclass
class Run:
    """Steps of one level beside each other."""

    level: int
    first: int
    last: int
    slowest: float | None
    calls: int


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
    labels = [moment(at) for at in [*times, begin + span.length]]
    return [Strip(route, [cell_of(run, labels) for run in runs(route, times)], len(times)) for route in routes]


def runs(route: Route, times: list[datetime]) -> list[Run]:
    """A step without an answer stays empty; one with failures alone is of the slowest level."""
    found: list[Run] = []
    for place, at in enumerate(times):
        answers = route.strip.get(at)
        if answers is None:
            continue
        p95 = answers.p95
        level = LEVELS if p95 is None else level_of(p95)
        if found and (found[-1].last, found[-1].level) == (place - 1, level):
            found[-1].last = place
            found[-1].slowest = max(found[-1].slowest or 0, p95 or 0) or None
            found[-1].calls += answers.all
        else:
            found.append(Run(level, place, place, p95, answers.all))
    return found


def cell_of(run: Run, labels: list[str]) -> Cell:
    """Full height is the slowest level."""
    height = run.level / LEVELS
    slowest = "–" if run.slowest is None else shown_ms(run.slowest)
    title = f"{labels[run.first]} – {labels[run.last + 1]} · p95 {slowest} · {shown_count(run.calls)}"
    return Cell(run.first, 1 - height, run.last - run.first + 0.85, height, run.level, title)


def bucket_labels() -> list[str]:
    """From fast to slow."""
    return [f"≤ {shown_ms(edge)}" for edge in EDGES_MS] + [f"> {shown_ms(EDGES_MS[-1])}"]


def heat_map(answers: dict[datetime, Answers], span: Span, begin: datetime) -> Heat:
    times, labels = span.times(begin), bucket_labels()
    rows, moments = [], [moment(at) for at in times]
    for bucket in reversed(range(BUCKETS)):
        cells = [
            cell
            for place, at in enumerate(times)
            if (cell := bucket_cell(answers.get(at), bucket, place, f"{moments[place]} · {labels[bucket]}"))
        ]
        rows.append((labels[bucket], bucket > EDGES_MS.index(300), cells))
    table = [
        {"time": at, "hist": answers[at].hist, "failed": answers[at].failed} for at in reversed(times) if at in answers
    ]
    ticks = [
        Line(f"{(at - begin) / span.length * 100:.2f}%", label) for at, label in time_labels(begin, begin + span.length)
    ]
    return Heat(len(times), rows, ticks, table, labels)


def bucket_cell(answers: Answers | None, bucket: int, place: int, title: str) -> Cell | None:
    if answers is None or not answers.hist[bucket]:
        return None
    count = answers.hist[bucket]
    level = sum(count / answers.succeeded > share for share in SHARES)
    height = level / len(SHARES)
    return Cell(place, 1 - height, 0.9, height, level, f"{title} · {shown_count(count)}")
