"""The charts of the console, each from what a query found."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from observability.console.charts import Chart, Drawn, Series, Threshold
from observability.console.figures import shown_count, shown_ms, shown_share
from observability.console.models import Mark
from observability.console.queries.objectives import Shown, Step
from observability.console.queries.traffic import Answers
from observability.console.spans import Span
from observability.slo.objective import objectives

Marked = Sequence[tuple[datetime, str]]
NOTHING = Answers()
MOST_MARKS = 30
FROM_BUCKETS = gettext_lazy("Percentiles are worked out from counts by duration; 300 ms and 1 s are exact edges.")


def marks_of(happened: Sequence[Mark]) -> Marked:
    """The latest, in order: more lines than that would hide the chart."""
    return [(mark.at, f"{mark.get_kind_display()}: {mark.name}") for mark in happened[-MOST_MARKS:]]


def requests_chart(span: Span, begin: datetime, answers: dict[datetime, Answers], happened: Sequence[Mark]) -> Drawn:
    """A step in which nothing was asked has 0 requests, once anything was."""
    times = span.times(begin)
    lengths = [minutes_of(span, at) if answers else None for at in times]
    both = list(zip((answers.get(at, NOTHING) for at in times), lengths, strict=True))
    return Chart(
        name="requests",
        title=_("Requests a minute"),
        begin=begin,
        end=begin + span.length,
        times=times,
        series=[
            Series(_("Served"), [one.succeeded / length if length else None for one, length in both], "area", "1"),
            Series(_("Failed"), [one.failed / length if length else None for one, length in both], "area", "danger"),
        ],
        show=shown_count,
        marks=marks_of(happened),
    ).drawn()


def minutes_of(span: Span, at: datetime) -> float | None:
    """How much of a step is over, in minutes; None where too little is to say how many a minute there are."""
    over = min(span.step, datetime.now(UTC) - at)
    return over / timedelta(minutes=1) if over >= span.step / 2 else None


def latency_chart(span: Span, begin: datetime, answers: dict[datetime, Answers], happened: Sequence[Mark]) -> Drawn:
    times = span.times(begin)
    found = [answers.get(at, NOTHING) for at in times]
    return Chart(
        name="latency",
        title=_("Time to answer"),
        begin=begin,
        end=begin + span.length,
        times=times,
        series=[
            Series("p50", [one.p50 for one in found], "line", "1"),
            Series("p95", [one.p95 for one in found], "line", "2"),
            Series("p99", [one.p99 for one in found], "line", "3"),
        ],
        show=shown_ms,
        thresholds=[Threshold(shown_ms(edge), edge) for edge in (300.0, 1000.0)],
        marks=marks_of(happened),
        note=FROM_BUCKETS,
    ).drawn()


def burn_down_chart(standing: Shown, steps: Sequence[Step], happened: Sequence[Mark]) -> Drawn:
    step = steps[1].begin - steps[0].begin
    stop = objectives().policy.features_stop_below
    return Chart(
        name=f"burn-{standing.objective.name}",
        title=_("Budget left"),
        begin=steps[0].begin,
        end=steps[-1].begin + step,
        # What is left at the end of a step stands at its end.
        times=[one.begin + step for one in steps],
        series=[Series(_("Budget left"), [one.left for one in steps], "area", "1")],
        show=shown_share,
        ceiling=1.0,
        thresholds=[Threshold(_("features stop"), stop)] if standing.objective.gates_deploys else [],
        marks=marks_of(happened),
    ).drawn()
