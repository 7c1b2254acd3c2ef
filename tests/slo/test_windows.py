"""The sums that PostgreSQL makes are those of the arithmetic, at every moment of an outage."""

import random
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from observability.slo.budget import Counts, remaining
from observability.slo.burn import MINUTE, within
from observability.slo.models import MaintenanceWindow
from observability.slo.objective import objectives
from observability.slo.queries.standing import standings
from observability.slo.queries.sums import asked_by_people, in_budget_windows, in_windows
from observability.slo.rounds import forget_old_counts
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID
from tests.cast import Workspace, run_sql
from tests.slo.counting import own, write_minutes
from tests.slo.test_burn import AVAILABILITY, EVALUATION, START, VECTORS, WINDOWS, traffic


@pytest.mark.parametrize(("name", "share", "minutes"), VECTORS)
def test_what_the_database_sums_up_fires_in_time_and_ends_in_time(name: str, share: float, minutes: float) -> None:
    objective, window = own(), WINDOWS[name]
    predicted = timedelta(minutes=minutes)
    recovery = START + predicted + timedelta(minutes=3)
    rows = traffic(
        recovery + timedelta(minutes=window.short_minutes + 5),
        START,
        recovery,
        share,
        timedelta(minutes=2 * window.long_minutes + minutes),
    )

    def fires(at: datetime) -> bool:
        """With the minutes as they were counted until then."""
        with tenant_context(OPERATORS_ID):
            (found,) = standings(wanted=[objective], now=at)
        return found.verdicts[name].fires

    def count_until(at: datetime) -> None:
        run_sql("DELETE FROM slo_sliminute WHERE sli = %s", [objective.name], role="superuser")
        part = (at - at.replace(second=0, microsecond=0)) / MINUTE
        floor = at.replace(second=0, microsecond=0)
        whole = [(minute, counts) for minute, counts in rows if minute < floor]
        last = dict(rows)[floor]
        write_minutes(objective.name, [*whole, (floor, Counts(round(last.good * part), round(last.valid * part)))])

    for at, expected in (
        (START + predicted - EVALUATION, False),
        (START + predicted + EVALUATION, True),
        (recovery + timedelta(minutes=window.short_minutes) + MINUTE, False),
    ):
        count_until(at)
        assert fires(at) == expected, (at - START, at - recovery)
    run_sql("DELETE FROM slo_sliminute WHERE sli = %s", [objective.name], role="superuser")


def test_a_window_in_sql_is_the_window_of_the_arithmetic() -> None:
    chance, name = random.Random(7), own().name
    rows = [
        (START + number * MINUTE, Counts(chance.randrange(90), 90 + chance.randrange(9)))
        for number in range(-200, 30)
        if chance.random() < 0.8
    ]
    write_minutes(name, rows)
    for second in (0, 1, 29, 59):
        now = START + timedelta(seconds=second)
        with tenant_context(OPERATORS_ID):
            found = in_windows(OPERATORS_ID, [name], [5, 60, 120], now)
        for length in (5, 60, 120):
            expected = within(rows, now, timedelta(minutes=length))
            assert found[name, length].good == pytest.approx(expected.good)
            assert found[name, length].valid == pytest.approx(expected.valid)


def test_a_budget_is_the_same_by_days_and_by_minutes() -> None:
    """Whole days come from their roll-up; the answer is that of all minutes."""
    objective, now = own(window_days=7), datetime(2019, 5, 20, 14, 37, tzinfo=UTC)
    rows = [(now - number * 7 * MINUTE, Counts(9, 10)) for number in range(7 * 24 * 60 // 7)]
    write_minutes(objective.name, rows)
    run_sql("SELECT slo_roll_up('2019-05-01')", role="worker")
    middle = "DELETE FROM slo_sliminute WHERE sli = %s AND minute >= '2019-05-14' AND minute < '2019-05-19'"
    run_sql(middle, [objective.name], role="superuser")
    with tenant_context(OPERATORS_ID):
        counts = in_budget_windows(OPERATORS_ID, [objective], now)[objective.name]
    assert (counts.good, counts.valid) == (9 * len(rows), 10 * len(rows))


def test_nothing_counted_is_insufficient_data() -> None:
    with tenant_context(OPERATORS_ID):
        (found,) = standings(wanted=[own()])
    assert found.remaining is None
    assert not found.is_absent
    assert not any(verdict.fires for verdict in found.verdicts.values())


def test_a_workspace_sees_its_own_counts_and_nobody_elses(workspace: Workspace, other: Workspace) -> None:
    now = datetime.now(UTC)
    write_minutes("availability", [(now - MINUTE, Counts(9, 10))], tenant=workspace.id)
    write_minutes("availability", [(now - MINUTE, Counts(0, 77))], tenant=other.id)
    objective = objectives().named("availability")
    with tenant_context(workspace.id):
        (mine,) = standings(wanted=[objective], tenant_id=workspace.id)
        (theirs,) = standings(wanted=[objective], tenant_id=other.id)
    assert mine.counts == Counts(9, 10)
    assert theirs.counts == Counts()


def test_probes_are_not_people() -> None:
    name, now = own().name, datetime.now(UTC)
    write_minutes(name, [(now - MINUTE, Counts(10, 10))], synthetic=6)
    write_minutes(name, [(now - timedelta(hours=2), Counts(500, 500))])
    with tenant_context(OPERATORS_ID):
        assert asked_by_people(OPERATORS_ID, name) == 4


def planned(starts: datetime, announced: datetime) -> uuid.UUID:
    with tenant_context(OPERATORS_ID):
        row = MaintenanceWindow.objects.create(
            tenant_id=OPERATORS_ID, what="New disks", starts_at=starts, ends_at=starts + timedelta(hours=1)
        )
        MaintenanceWindow.objects.filter(tenant_id=OPERATORS_ID, pk=row.pk).update(announced_at=announced)
    return row.pk


def left(objective: object, now: datetime) -> float | None:
    with tenant_context(OPERATORS_ID):
        counts = in_budget_windows(OPERATORS_ID, [objective], now)  # type: ignore[list-item]
    return remaining(next(iter(counts.values())), 0.999)


def test_maintenance_costs_nothing_where_it_was_announced_a_day_before() -> None:
    objective, starts = own(), datetime(2018, 3, 5, 2, tzinfo=UTC) + timedelta(hours=random.randrange(60_000))
    write_minutes(objective.name, [(starts - MINUTE, Counts(999, 999)), (starts + MINUTE, Counts(0, 500))])
    now = starts + timedelta(hours=2)
    late = planned(starts, starts - timedelta(hours=23))
    assert left(objective, now) == pytest.approx(1 - 500 / 1.499)
    planned(starts, starts - timedelta(hours=24))
    assert left(objective, now) == 1
    run_sql("SELECT slo_roll_up(%s)", [starts.date()], role="worker")
    assert left(objective, now + timedelta(days=4)) == 1, "the days know it, too"
    assert late


def test_old_minutes_are_forgotten_and_days_stay(workspace: Workspace) -> None:
    now = datetime.now(UTC)
    write_minutes(
        "availability", [(now - timedelta(days=36), Counts(1, 1)), (now - MINUTE, Counts(1, 1))], tenant=workspace.id
    )
    run_sql("SELECT slo_roll_up(%s)", [(now - timedelta(days=40)).date()], role="worker")
    forget_old_counts()
    query = "SELECT (SELECT count(*) FROM slo_sliminute), (SELECT count(*) FROM slo_sliday)"
    assert run_sql(query, tenant=workspace.id) == [(1, 2)]
    connection.close()


def test_the_rule_of_the_fast_window_is_the_one_that_pages() -> None:
    assert {window.name for window in objectives().windows if window.severity == "page"} == {"fast", "steady"}
    assert AVAILABILITY.target == 0.999
