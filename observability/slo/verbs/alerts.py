"""What an evaluation found, written down: the state of each rule, and a row for each time that one fires."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from observability.slo.models import Alert, AlertState
from observability.slo.objective import objectives
from observability.slo.queries.standing import Standing
from tenancy.operators import OPERATORS_ID

ABSENT = "absent"
State = AlertState.State


@dataclass(frozen=True)
class Finding:
    objective: str
    rule: str
    severity: str
    state: str
    burn_long: float | None = None
    burn_short: float | None = None
    bad_long: float = 0.0


def record(standings: Sequence[Standing], *, now: datetime) -> None:
    """The transaction must have been told the operators' workspace; one worker at a time."""
    names = [standing.objective.name for standing in standings]
    rows = AlertState.objects.filter(tenant_id=OPERATORS_ID, objective__in=names)
    known = {(row.objective, row.rule): row for row in rows}
    for standing in standings:
        for finding in findings_of(standing):
            write(known.get((finding.objective, finding.rule)), finding, now)


def forget_others(names: Sequence[str], *, now: datetime) -> None:
    """An objective that left the file, or changed its name, is evaluated no more: nothing of it goes on firing."""
    AlertState.objects.filter(tenant_id=OPERATORS_ID).exclude(objective__in=names).delete()
    gone = Alert.objects.filter(tenant_id=OPERATORS_ID, resolved_at=None).exclude(objective__in=names)
    gone.update(resolved_at=now)


def findings_of(standing: Standing) -> Iterator[Finding]:
    name = standing.objective.name
    for window in objectives().windows:
        if verdict := standing.verdicts.get(window.name):
            state = State.NO_DATA if verdict.burn_short is None else State.QUIET
            burns = (verdict.burn_long, verdict.burn_short, verdict.bad_long)
            yield Finding(name, window.name, window.severity, State.FIRING if verdict.fires else state, *burns)
    if standing.objective.absent_after_minutes:
        state = State.NO_DATA if standing.last is None else State.QUIET
        yield Finding(name, ABSENT, "page", State.FIRING if standing.is_absent else state)


def write(row: AlertState | None, finding: Finding, now: datetime) -> None:
    before, state = row.state if row else State.QUIET, finding.state
    if before == State.FIRING and state == State.NO_DATA:
        # Whoever fell silent has not recovered.
        state = State.FIRING
    measured = {"burn_long": finding.burn_long, "burn_short": finding.burn_short, "bad_long": finding.bad_long}
    changed = {"state": state, "severity": finding.severity, "since": now}
    values = {**measured, "evaluated_at": now, **(changed if row is None or before != state else {})}
    if row is None:
        AlertState.objects.create(tenant_id=OPERATORS_ID, objective=finding.objective, rule=finding.rule, **values)
    else:
        AlertState.objects.filter(tenant_id=OPERATORS_ID, pk=row.pk).update(**values)
    if state == State.FIRING and before != State.FIRING:
        fire(finding, now)
    elif before == State.FIRING and state != State.FIRING:
        open_ones = Alert.objects.filter(tenant_id=OPERATORS_ID, objective=finding.objective, rule=finding.rule)
        open_ones.filter(resolved_at=None).update(resolved_at=now)


def fire(finding: Finding, now: datetime) -> None:
    Alert.objects.create(
        tenant_id=OPERATORS_ID,
        objective=finding.objective,
        rule=finding.rule,
        severity=finding.severity,
        burn_long=finding.burn_long,
        burn_short=finding.burn_short,
        fired_at=now,
    )
