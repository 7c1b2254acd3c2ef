"""Charts say what was counted, to the digit, and nothing about what is not known."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observability.console.charts import Chart, Series, scale, ticks
from observability.console.figures import shown_count, shown_ms, shown_share
from observability.console.health import Component, Health, worst
from observability.console.heat import LEVELS, level_of, runs
from observability.console.histogram import within
from observability.console.queries.objectives import POINTS, steps_of
from observability.console.queries.traffic import Answers, Route
from observability.console.spans import SPANS, chosen
from observability.slo.budget import Counts, remaining
from observability.slo.edges import BUCKETS, EDGES_MS
from observability.slo.objective import objectives

BEGIN = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTES = [BEGIN + timedelta(minutes=number) for number in range(4)]


def chart(values: list[float | None]) -> Chart:
    return Chart("c", "C", BEGIN, BEGIN + timedelta(minutes=4), MINUTES, [Series("s", values)], shown_count)


def test_a_gap_stays_a_gap_and_a_lone_point_a_dot() -> None:
    drawn = chart([10, None, 20, 40]).drawn()
    (series,) = drawn.series
    assert series["line"].count("M") == 1
    assert series["dots"] == [("0.00%", "75.00%")]
    assert [row["cells"] for row in drawn.rows] == [["40"], ["20"], ["10"]]


def test_nothing_known_is_an_empty_chart() -> None:
    drawn = chart([None] * 4).drawn()
    assert drawn.is_empty
    assert drawn.rows == []


def test_a_mark_outside_is_not_drawn() -> None:
    inside, outside = (BEGIN + timedelta(minutes=2), "in"), (BEGIN - timedelta(minutes=1), "out")
    drawn = Chart("c", "C", BEGIN, BEGIN + timedelta(minutes=4), [], [], shown_count, marks=[inside, outside]).drawn()
    assert [mark["label"] for mark in drawn.marks] == ["in"]
    assert drawn.marks[0]["at"] == "50.00%"


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_a_scale_holds_its_values_in_few_round_steps(one: float, other: float) -> None:
    low, high = sorted((one, other))
    bottom, top, step = scale(low, high)
    slack = step / 1000
    assert bottom <= low + slack
    assert top >= high - slack
    assert 1 <= len(ticks(bottom, top, step)) <= 8


@pytest.mark.parametrize(
    ("share", "text"), [(0.99999, "99.999%"), (0.9999999, "99.999%"), (1.0, "100%"), (0.9995, "99.95%"), (0.0, "0%")]
)
def test_a_share_is_never_rounded_up_to_what_it_is_not(share: float, text: str) -> None:
    assert shown_share(share) == text


def test_times_are_said_as_people_say_them() -> None:
    assert [shown_ms(value) for value in (0, 0.25, 12.34, 300, 1000, 2500)] == [
        "0 ms", "0.25 ms", "12.3 ms", "300 ms", "1 s", "2.5 s"
    ]  # fmt: skip


def counts(**buckets: int) -> list[int]:
    return [buckets.get(f"le{edge}", 0) for edge in EDGES_MS] + [buckets.get("more", 0)]


def test_the_share_within_an_edge_is_exact() -> None:
    assert within(counts(le300=1, le500=3), 300) == 0.25
    assert within(counts(), 300) is None
    with pytest.raises(ValueError, match="not in tuple"):
        within(counts(le300=1), 301)


def test_steps_of_one_level_are_one_bar_and_a_gap_ends_it() -> None:
    fast, slow = Answers(hist=tuple(counts(le10=5))), Answers(hist=tuple(counts(le500=5)))
    failed = Answers(failed=2)
    strip = dict(zip(MINUTES, (fast, fast, slow, failed), strict=True))
    route = Route("GET", "api/tickets", fast, strip)
    assert [(run.level, run.first, run.last, run.calls) for run in runs(route, MINUTES)] == [
        (1, 0, 1, 10),
        (3, 2, 2, 5),
        (LEVELS, 3, 3, 2),
    ]
    del strip[MINUTES[1]]
    strip[MINUTES[2]] = fast
    assert [(run.first, run.last) for run in runs(route, MINUTES)] == [(0, 0), (2, 2), (3, 3)]


def test_the_levels_of_a_heat_map_break_at_the_objectives() -> None:
    assert [level_of(ms) for ms in (100, 100.1, 300, 300.1, 1000, 1000.1)] == [1, 2, 2, 3, 3, LEVELS]
    assert len(counts()) == BUCKETS


def test_a_burn_down_ends_at_what_is_left() -> None:
    objective = objectives().named("availability")
    step = timedelta(days=objective.window_days) / POINTS
    counted = {BEGIN + step * number: Counts(9990 + number % 10, 10000) for number in range(20, POINTS)}
    steps = steps_of(counted, BEGIN, step, objective)
    summed = sum(counted.values(), Counts())
    assert steps[19].left is None
    assert steps[20].left is not None
    assert steps[20].left < 1
    assert steps[-1].left == pytest.approx(remaining(summed, objective.target))
    assert [one.left for one in steps_of({}, BEGIN, step, objective)] == [None] * POINTS


def test_unknown_is_worse_than_healthy_and_better_than_degraded() -> None:
    def parts(*values: Health) -> list[Component]:
        return [Component("x", "X", value, "") for value in values]

    assert worst(parts(Health.OK, Health.OK)) is Health.OK
    assert worst(parts(Health.OK, Health.UNKNOWN)) is Health.UNKNOWN
    assert worst(parts(Health.UNKNOWN, Health.DEGRADED)) is Health.DEGRADED
    assert worst(parts(Health.DOWN, Health.DEGRADED)) is Health.DOWN
    assert worst([]) is Health.UNKNOWN


@pytest.mark.parametrize("span", SPANS, ids=lambda span: span.name)
def test_a_span_ends_with_the_step_that_is_under_way(span: object) -> None:
    assert span in SPANS
    one = next(other for other in SPANS if other is span)
    begin, end = one.until(BEGIN)
    assert begin < BEGIN < end
    assert len(one.times(begin)) * one.step == one.length
    assert chosen("nonsense") is SPANS[0]
