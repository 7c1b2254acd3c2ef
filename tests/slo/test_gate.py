"""May it be deployed? The guide's policy, and two people who may set it aside for a day."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError

from observability.slo.budget import Counts
from observability.slo.burn import MINUTE
from observability.slo.gate import decide
from observability.slo.management.commands import deploy_gate
from observability.slo.objective import Objective, objectives
from observability.slo.queries.gate import decision_on
from observability.slo.queries.standing import Standing
from observability.slo.verbs import overrides
from tenancy.context import Actor, tenant_context
from tenancy.errors import Conflict, Forbidden, Invalid
from tenancy.operators import OPERATORS_ID
from tests.cast import Person, make_operator, run_sql
from tests.slo.counting import own, write_minutes

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
AVAILABILITY = objectives().named("availability")


def standing(left: float | None, objective: Objective = AVAILABILITY, last: datetime | None = NOW) -> Standing:
    counts = Counts() if left is None else Counts(1_000_000 - 1000 * (1 - left), 1_000_000)
    return Standing(objective, counts, {}, last if left is not None else None, NOW)


def asked(change: str, *lefts: float | None, **given: Any) -> Any:
    return decide(change, [standing(left) for left in lefts], objectives().policy, now=NOW, **given)


@pytest.mark.parametrize(
    ("left", "feature"), [(1.0, "allow"), (0.21, "allow"), (0.19, "block"), (0.0, "block"), (-3.0, "block")]
)
def test_features_wait_below_a_fifth_and_the_way_back_is_always_open(left: float, feature: str) -> None:
    assert asked("feature", left).decision == feature
    assert {asked(change, left).decision for change in ("fix", "security", "rollback")} == {"allow"}


def test_the_worst_objective_decides_and_says_so() -> None:
    found = decide(
        "feature",
        [standing(0.9), standing(0.1, objectives().named("error_rate"))],
        objectives().policy,
        now=NOW,
    )
    assert (found.decision, found.slo) == ("block", "error_rate")
    assert found.remaining == pytest.approx(0.1)
    assert found.reasons == ["error_rate: 10.0 % of the error budget is left. Features wait; stability comes first."]


def test_a_budget_that_nobody_knows_is_not_a_full_one() -> None:
    found = asked("feature", None)
    assert (found.decision, found.remaining) == ("warn", None)
    assert found.reasons == ["availability: insufficient data."]


def test_features_wait_where_nothing_was_counted_for_an_hour() -> None:
    def after(minutes: int, change: str) -> str:
        seen = standing(1.0, last=NOW - minutes * MINUTE)
        return decide(change, [seen], objectives().policy, now=NOW).decision

    assert after(59, "feature") == "allow"
    assert after(61, "feature") == "block"
    assert after(61, "fix") == "allow"


def test_an_override_turns_a_block_into_a_warning_until_it_ends() -> None:
    found = asked("feature", 0.1, override_until=NOW + MINUTE)
    assert (found.decision, found.expires_at) == ("warn", NOW + MINUTE)
    assert asked("feature", 0.9, override_until=NOW + MINUTE).decision == "allow"


@pytest.fixture
def spent(alone: None) -> Iterator[Objective]:
    """An objective whose budget is used up, right now."""
    objective = own()
    write_minutes(objective.name, [(datetime.now(UTC) - MINUTE, Counts(90, 100))])
    yield objective
    run_sql("UPDATE slo_override SET withdrawn_at = now() WHERE withdrawn_at IS NULL", tenant=OPERATORS_ID)


def decided(objective: Objective) -> str:
    with tenant_context(OPERATORS_ID):
        return decision_on("feature", wanted=[objective]).decision


def as_operator(person: Person) -> Any:
    from audit.operators import operator_of

    found = operator_of(person.member)
    assert found
    return found


def test_an_override_needs_two_people_and_ends_within_a_day(spent: Objective) -> None:
    first, second = make_operator("admin"), make_operator("admin")
    until = datetime.now(UTC) + timedelta(hours=2)
    with tenant_context(OPERATORS_ID, actor=Actor("user", str(first.id))):
        asking, approving = as_operator(first), as_operator(second)
        for reason, ends_at in (("short", until), ("A customer waits for it", until + timedelta(hours=23))):
            with pytest.raises(Invalid):
                overrides.ask(reason, ends_at, by=asking)
        made = overrides.ask("A customer waits for it", until, by=asking)
        with pytest.raises(Forbidden, match="Somebody else"):
            overrides.approve(made.pk, by=asking)
    assert decided(spent) == "block"
    with tenant_context(OPERATORS_ID, actor=Actor("user", str(second.id))):
        overrides.approve(made.pk, by=approving)
        with pytest.raises(Conflict):
            overrides.approve(made.pk, by=approving)
    assert decided(spent) == "warn"
    query = "SELECT resource, action, actor_id, reason FROM audit_entry WHERE resource IN ('override', 'approval')"
    query += " AND (resource_id = %s OR changes #>> '{after,override_id}' = %s::text) ORDER BY at"
    assert run_sql(query, [made.pk, made.pk], tenant=OPERATORS_ID) == [
        ("override", "CREATE", str(first.id), "A customer waits for it"),
        ("approval", "CREATE", str(second.id), "A customer waits for it"),
    ]
    with tenant_context(OPERATORS_ID):
        overrides.withdraw(made.pk, by=asking)
    assert decided(spent) == "block"


def test_an_override_that_has_ended_lets_nothing_pass(spent: Objective) -> None:
    first, second = make_operator("admin"), make_operator("admin")
    with tenant_context(OPERATORS_ID):
        until = datetime.now(UTC) + timedelta(hours=1)
        made = overrides.ask("A customer waits for it", until, by=as_operator(first))
        overrides.approve(made.pk, by=as_operator(second))
        assert decision_on("feature", wanted=[spent]).decision == "warn"
        assert decision_on("feature", wanted=[spent], now=until + MINUTE).decision == "block"


@pytest.mark.parametrize("level", ["viewer", "responder"])
def test_an_override_is_for_administrators(level: str, spent: Objective) -> None:
    with tenant_context(OPERATORS_ID), pytest.raises(Forbidden):
        overrides.ask("A customer waits for it", datetime.now(UTC) + MINUTE, by=as_operator(make_operator(level)))


def run_command(change: str) -> tuple[int, dict[str, Any]]:
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("deploy_gate", "--change", change, stdout=out)
    return int(str(left.value)), json.loads(out.getvalue())


@pytest.mark.parametrize(("decision", "code"), [("allow", 0), ("warn", 10), ("block", 20)])
def test_the_command_leaves_with_the_decision(decision: str, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    left = {"allow": 1.0, "warn": None, "block": 0.0}[decision]
    monkeypatch.setattr(deploy_gate, "decision_on", lambda change: asked(change, left))
    found_code, found = run_command("feature")
    assert (found_code, found["decision"]) == (code, decision)
    assert set(found) == {"decision", "remaining", "slo", "reasons", "expires_at"}


def test_without_its_database_features_wait_and_the_way_back_is_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(change: str) -> Any:
        raise OperationalError("no route")

    monkeypatch.setattr(deploy_gate, "decision_on", away)
    assert run_command("feature")[0] == 20
    assert run_command("rollback")[0] == 0
