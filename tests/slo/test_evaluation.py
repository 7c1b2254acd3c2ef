"""An evaluation writes down what fires, once, and makes one ticket of a budget that is used up."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from observability.slo.budget import Counts
from observability.slo.burn import MINUTE
from observability.slo.objective import Objective
from observability.slo.rounds import evaluate
from tenancy.operators import OPERATORS_ID
from tests.cast import run_sql
from tests.slo.counting import own, write_minutes

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def states(objective: Objective) -> dict[str, str]:
    query = "SELECT rule, state FROM slo_alertstate WHERE objective = %s"
    return dict(run_sql(query, [objective.name], tenant=OPERATORS_ID))


def alerts(objective: Objective) -> list[tuple[Any, ...]]:
    query = "SELECT rule, severity, fired_at, resolved_at FROM slo_alert WHERE objective = %s ORDER BY rule, fired_at"
    return run_sql(query, [objective.name], tenant=OPERATORS_ID)


def steady(objective: Objective, begin: datetime, minutes: int, bad: int = 0) -> None:
    counts = Counts(100 - bad, 100)
    write_minutes(objective.name, [(begin + number * MINUTE, counts) for number in range(minutes)])


def test_an_outage_fires_once_and_resolves_when_it_is_over() -> None:
    objective = own(gates_deploys=False)
    steady(objective, NOW - timedelta(hours=3), 180)
    evaluate([objective], NOW)
    assert states(objective) == {"fast": "quiet", "steady": "quiet", "day": "quiet", "slow": "quiet", "absent": "quiet"}
    steady(objective, NOW, 5, bad=50)
    for seconds in (0, 30, 60):
        evaluate([objective], NOW + timedelta(minutes=5, seconds=seconds))
    assert states(objective)["fast"] == "firing"
    fired = NOW + timedelta(minutes=5)
    assert alerts(objective)[1] == ("fast", "page", fired, None)
    steady(objective, NOW + timedelta(minutes=5), 10)
    over = NOW + timedelta(minutes=11)
    evaluate([objective], over)
    assert states(objective)["fast"] == "quiet"
    assert [row for row in alerts(objective) if row[0] == "fast"] == [("fast", "page", fired, over)]


def test_the_log_has_each_change_and_not_each_evaluation() -> None:
    objective = own(gates_deploys=False)
    steady(objective, NOW - timedelta(hours=1), 60)
    for seconds in (0, 30, 60):
        evaluate([objective], NOW + timedelta(seconds=seconds))
    query = """SELECT action, actor_type, actor_id FROM audit_entry
    WHERE resource = 'alert_state' AND resource_id IN (SELECT id FROM slo_alertstate WHERE objective = %s)"""
    assert set(run_sql(query, [objective.name], tenant=OPERATORS_ID)) == {("CREATE", "system", "slo")}


def test_an_objective_that_left_the_file_fires_no_more() -> None:
    objective = own(gates_deploys=False)
    steady(objective, NOW, 10, bad=100)
    evaluate([objective], NOW + timedelta(minutes=10))
    assert states(objective)["fast"] == "firing"
    evaluate(None, NOW + timedelta(minutes=11))
    assert states(objective) == {}
    assert all(row[3] for row in alerts(objective))


def test_silence_fires_and_no_data_at_all_does_not() -> None:
    silent, new = own(gates_deploys=False), own(gates_deploys=False)
    steady(silent, NOW - timedelta(minutes=40), 20)
    evaluate([silent, new], NOW)
    assert states(silent)["absent"] == "firing"
    assert set(states(new).values()) == {"no_data"}
    assert [row[0] for row in alerts(silent)] == ["absent"]
    assert alerts(new) == []


def test_who_fell_silent_while_failing_has_not_recovered() -> None:
    objective = own(gates_deploys=False)
    steady(objective, NOW, 10, bad=100)
    evaluate([objective], NOW + timedelta(minutes=10))
    assert states(objective)["fast"] == "firing"
    evaluate([objective], NOW + timedelta(minutes=20))
    assert states(objective)["fast"] == "firing"


def test_a_clock_that_goes_back_an_hour_fires_nothing_twice() -> None:
    objective = own(gates_deploys=False)
    steady(objective, NOW - timedelta(hours=2), 120)
    steady(objective, NOW, 5, bad=50)
    evaluate([objective], NOW + timedelta(minutes=5))
    before = len(alerts(objective))
    evaluate([objective], NOW - timedelta(minutes=55))
    evaluate([objective], NOW + timedelta(minutes=5, seconds=30))
    fast = [row for row in alerts(objective) if row[0] == "fast"]
    assert before >= 1
    assert len(fast) <= 2
    assert all(row[3] for row in fast[:-1]), "one at a time"


@pytest.mark.parametrize("left", [0, -2])
def test_a_used_up_budget_makes_one_ticket_until_it_has_recovered(left: int) -> None:
    objective = own(absent_after_minutes=0)

    def budget(minutes_ago: int, good: int, valid: int) -> None:
        run_sql("DELETE FROM slo_sliminute WHERE sli = %s", [objective.name], role="superuser")
        write_minutes(objective.name, [(NOW - minutes_ago * MINUTE, Counts(good, valid))])
        evaluate([objective], NOW)

    def reviews() -> list[tuple[Any, ...]]:
        query = """SELECT t.title, b.key, r.recovered_at IS NULL, e.actor_type FROM slo_budgetreview r
        JOIN boards_ticket t ON t.tenant_id = r.tenant_id AND t.id = r.ticket_id
        JOIN boards_board b ON b.tenant_id = t.tenant_id AND b.id = t.board_id
        JOIN audit_entry e ON e.resource = 'ticket' AND e.resource_id = t.id AND e.action = 'CREATE'
        WHERE r.objective = %s ORDER BY r.created_at"""
        return run_sql(query, [objective.name], tenant=OPERATORS_ID)

    budget(400, 999_000 - left * -1000, 1_000_000)
    budget(400, 998_900, 1_000_000)
    title = f"Review: the error budget of {objective.name} is used up"
    assert reviews() == [(title, "OPS", True, "system")]
    budget(400, 999_100, 1_000_000)
    assert reviews() == [(title, "OPS", True, "system")], "10 % is no recovery"
    budget(400, 999_200, 1_000_000)
    assert reviews() == [(title, "OPS", False, "system")]
    budget(400, 998_000, 1_000_000)
    assert [row[2] for row in reviews()] == [False, True]
