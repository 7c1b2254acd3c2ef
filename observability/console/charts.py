"""Charts as SVG, drawn on the server: exact, without a script, and without an inline style.

Everything is placed in percent of the plot, lines in a nested picture that stretches; so a chart is as wide as its
place and its text is never distorted. The numbers stand in a table behind each chart.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import formats, timezone

from observability.console.figures import moment

WIDTH, HEIGHT = 1000.0, 300.0
MOST_LABELS = 6
Value = float | None
Show = Callable[[float], str]


@dataclass(frozen=True)
class Series:
    """`values` one for each time, None where nothing is known; `kind` is line or area."""

    label: Any
    values: Sequence[Value]
    kind: str = "line"
    tone: str = "1"


@dataclass(frozen=True)
class Threshold:
    label: Any
    value: float


@dataclass(frozen=True)
class Line:
    """Something at a place of the plot: `at` in percent."""

    at: str
    label: Any


@dataclass(frozen=True)
class Drawn:
    """What `_chart.html` puts on the page."""

    name: str
    title: Any
    series: list[dict[str, Any]]
    x_ticks: list[Line]
    y_ticks: list[Line]
    thresholds: list[dict[str, Any]]
    marks: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    points: dict[str, Any]
    note: Any = ""
    is_empty: bool = False


@dataclass(frozen=True)
class Chart:
    """Times are the beginnings of equal steps. `marks` are (moment, label) pairs; `floor` and `ceiling` of the scale
    are at least these."""

    name: str
    title: Any
    begin: datetime
    end: datetime
    times: Sequence[datetime]
    series: Sequence[Series]
    show: Show
    ceiling: float = 0.0
    floor: float = 0.0
    thresholds: Sequence[Threshold] = ()
    marks: Sequence[tuple[datetime, str]] = ()
    note: Any = ""

    def drawn(self) -> Drawn:
        known = [value for one in self.series for value in one.values if value is not None]
        bottom, top, step = scale(min([self.floor, *known]), max([self.ceiling, *known]))
        plot = Plot(self.begin, self.end, bottom, top)
        return Drawn(
            name=self.name,
            title=self.title,
            series=[plot.path_of(one, self.times) for one in self.series],
            x_ticks=plot.x_ticks(),
            y_ticks=[Line(plot.percent_y(value), self.show(value)) for value in ticks(bottom, top, step)],
            thresholds=[plot.threshold(one) for one in self.thresholds if bottom <= one.value <= top],
            marks=[{"at": plot.percent_x(at), "label": label} for at, label in self.marks if plot.holds(at)],
            rows=self.rows(),
            points=self.points(plot),
            note=self.note,
            is_empty=not known,
        )

    def rows(self) -> list[dict[str, Any]]:
        """Of the table, the newest first; where nothing at all is known there is no line."""
        found = []
        for place in reversed(range(len(self.times))):
            values = [one.values[place] for one in self.series]
            if any(value is not None for value in values):
                cells = ["–" if value is None else self.show(value) for value in values]
                found.append({"time": self.times[place], "cells": cells})
        return found

    def points(self, plot: "Plot") -> dict[str, Any]:
        """For the script that shows what is under the pointer."""
        return {
            "labels": [str(one.label) for one in self.series],
            "tones": [one.tone for one in self.series],
            "x": [round(plot.x(at) * 100, 3) for at in self.times],
            "times": [moment(at) for at in self.times],
            "values": [["–" if value is None else self.show(value) for value in one.values] for one in self.series],
            "y": [
                [None if value is None else round(plot.y(value) * 100, 2) for value in s.values] for s in self.series
            ],
        }


@dataclass(frozen=True)
class Plot:
    begin: datetime
    end: datetime
    bottom: float
    top: float

    def holds(self, at: datetime) -> bool:
        return self.begin <= at <= self.end

    def x(self, at: datetime) -> float:
        return (at - self.begin) / (self.end - self.begin)

    def y(self, value: float) -> float:
        """From the top, 0 to 1."""
        return 1 - (value - self.bottom) / (self.top - self.bottom)

    def percent_x(self, at: datetime) -> str:
        return f"{self.x(at) * 100:.2f}%"

    def percent_y(self, value: float) -> str:
        return f"{self.y(value) * 100:.2f}%"

    def path_of(self, series: Series, times: Sequence[datetime]) -> dict[str, Any]:
        points = [
            None if value is None else (self.x(at) * WIDTH, self.y(value) * HEIGHT)
            for at, value in zip(times, series.values, strict=True)
        ]
        filled = area(points, self.y(max(self.bottom, 0)) * HEIGHT) if series.kind == "area" else ""
        lone = [(f"{x / WIDTH * 100:.2f}%", f"{y / HEIGHT * 100:.2f}%") for x, y in lone_points(points)]
        return {
            "label": series.label,
            "tone": series.tone,
            "kind": series.kind,
            "path": filled,
            "line": line(points),
            "dots": lone,
        }

    def threshold(self, one: Threshold) -> dict[str, Any]:
        """Its label stands above the line, or below where there is no room."""
        is_high = self.y(one.value) < 0.12
        return {"at": self.percent_y(one.value), "label": one.label, "shift": "1.1em" if is_high else "-0.35em"}

    def x_ticks(self) -> list[Line]:
        return [Line(self.percent_x(at), label) for at, label in time_labels(self.begin, self.end)]


Point = tuple[float, float] | None


def runs(points: Sequence[Point]) -> list[list[tuple[float, float]]]:
    """Stretches without a gap."""
    found: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            found.append([])
        else:
            found[-1].append(point)
    return [run for run in found if run]


def line(points: Sequence[Point]) -> str:
    return " ".join("M" + "L".join(f"{x:.1f},{y:.1f}" for x, y in run) for run in runs(points) if len(run) > 1)


def area(points: Sequence[Point], ground: float) -> str:
    return " ".join(
        f"M{run[0][0]:.1f},{ground:.1f}L"
        + "L".join(f"{x:.1f},{y:.1f}" for x, y in run)
        + f"L{run[-1][0]:.1f},{ground:.1f}Z"
        for run in runs(points)
        if len(run) > 1
    )


def lone_points(points: Sequence[Point]) -> list[tuple[float, float]]:
    """Those with a gap on either side: a line through one point is nothing to see."""
    return [run[0] for run in runs(points) if len(run) == 1]


def scale(low: float, high: float) -> tuple[float, float, float]:
    """(bottom, top, step): round numbers around the values, four or five steps."""
    if high <= low:
        high = low + 1
    raw = (high - low) / 4
    size = 10.0 ** math.floor(math.log10(raw))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= raw)
    return math.floor(low / step) * step, math.ceil(high / step) * step, step


def ticks(bottom: float, top: float, step: float) -> list[float]:
    return [bottom + step * number for number in range(round((top - bottom) / step) + 1)]


DAY = 86400
STEPS = (300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, DAY, 172800, 432000)


def time_labels(begin: datetime, end: datetime) -> list[tuple[datetime, str]]:
    """At round hours of the reader's own clock; days where the chart is long."""
    length = (end - begin).total_seconds()
    step = next((step for step in STEPS if length / step <= MOST_LABELS), STEPS[-1])
    local = timezone.localtime(begin)
    offset = local.utcoffset()
    shift = offset.total_seconds() if offset else 0.0
    first = math.ceil((begin.timestamp() + shift) / step) * step - shift
    found = []
    at = datetime.fromtimestamp(first, begin.tzinfo)
    while at <= end:
        shown = timezone.localtime(at)
        found.append((at, formats.date_format(shown, "MONTH_DAY_FORMAT" if step >= DAY else "H:i")))
        at = datetime.fromtimestamp(at.timestamp() + step, begin.tzinfo)
    return found


def bars(counts: Sequence[tuple[date, int]]) -> list[dict[str, Any]]:
    """One for each day, in a picture whose unit is a day wide and the highest bar high."""
    most = max((count for _day, count in counts), default=0) or 1
    return [
        {"day": day, "count": count, "x": f"{place}.1", "y": 1 - count / most, "height": count / most}
        for place, (day, count) in enumerate(counts)
    ]
