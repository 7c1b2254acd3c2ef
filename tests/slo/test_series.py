"""What the charts are drawn from."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from observability.slo.budget import Counts
from observability.slo.burn import MINUTE
from observability.slo.edges import EDGES_MS
from observability.slo.flush import flush
from observability.slo.queries.series import burn_down, heat_map, over_time, percentile, routes
from observability.slo.queries.standing import standings
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID
from tests.slo.counting import answer, own, write_minutes

HOUR = timedelta(hours=1)
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_burn_down_ends_at_what_is_left() -> None:
    objective = own()
    write_minutes(objective.name, [(NOW - 4 * number * HOUR, Counts(9_999 - number, 10_000)) for number in range(1, 9)])
    with tenant_context(OPERATORS_ID):
        line = burn_down(objective, NOW, HOUR)
        (found,) = standings(wanted=[objective], now=NOW)
    assert line[-1][1] == pytest.approx(found.remaining)
    assert all(earlier[1] >= later[1] for earlier, later in pairwise(line))


def test_steps_hold_what_was_counted_in_them() -> None:
    name = own().name
    write_minutes(name, [(NOW, Counts(1, 2)), (NOW + MINUTE, Counts(3, 4)), (NOW + HOUR, Counts(5, 5))])
    with tenant_context(OPERATORS_ID):
        steps = over_time(name, NOW, NOW + 2 * HOUR, HOUR)
    assert [(step.at, step.counts) for step in steps] == [(NOW, Counts(4, 6)), (NOW + HOUR, Counts(5, 5))]


def test_routes_are_listed_the_slowest_first() -> None:
    names = {f"api/{word}/{own().name}": seconds for word, seconds in (("q", 0.02), ("s", 4.0), ("m", 0.2))}
    quick, slow, middling = names
    for route, seconds in names.items():
        for _ in range(20):
            answer(route=route, seconds=seconds)
    answer(503, route=quick)
    flush()
    now = datetime.now(UTC)
    with tenant_context(OPERATORS_ID):
        mine = [one for one in routes(now - HOUR, now + HOUR) if one.route in names]
        heat = heat_map(now - HOUR, now + HOUR, 2 * HOUR, route=slow)
    assert [one.route for one in mine] == [slow, middling, quick]
    assert (mine[2].answered, mine[2].failed) == (20, 1)
    assert sum(heat[0][1]) == 20
    assert heat[0][1][EDGES_MS.index(5000)] == 20


def test_a_percentile_lies_in_its_bucket() -> None:
    hist = [0] * (len(EDGES_MS) + 1)
    assert percentile(hist, 0.95) is None
    hist[EDGES_MS.index(300)] = 100
    assert percentile(hist, 0.5) == pytest.approx(250)
    hist[-1] = 1000
    assert percentile(hist, 0.99) == EDGES_MS[-1]
