"""May this change be deployed? The guide's policy, pure: how the objectives stand in, a decision out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _

from observability.slo.objective import Policy
from observability.slo.queries.standing import Standing

ALLOW, WARN, BLOCK = "allow", "warn", "block"
EXIT_CODES: Final = {ALLOW: 0, WARN: 10, BLOCK: 20}
CHANGES: Final = ("feature", "fix", "security", "rollback")
# How long an answer may be used: budgets move slowly, and a pipeline asks right before it deploys.
GOOD_FOR = timedelta(minutes=5)


@dataclass
class Decision:
    decision: str
    remaining: float | None
    slo: str
    expires_at: datetime
    reasons: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """{"decision", "remaining", "slo", "reasons", "expires_at"}: `slo` is the objective with the least budget."""
        left = None if self.remaining is None else round(self.remaining, 6)
        return {
            "decision": self.decision,
            "remaining": left,
            "slo": self.slo,
            "reasons": self.reasons,
            "expires_at": self.expires_at.isoformat(),
        }

    def worsen(self, decision: str, reason: str) -> None:
        self.decision = max(self.decision, decision, key=lambda word: EXIT_CODES[word])
        self.reasons.append(reason)


def decide(
    change: str, standings: Sequence[Standing], policy: Policy, *, now: datetime, override_until: datetime | None = None
) -> Decision:
    """`standings` are those of the objectives that gate deployments. Fixes, security and rollbacks are always allowed:
    they are the way back. A budget that nobody knows is not a full one."""
    known = [(standing.remaining, standing.objective.name) for standing in standings if standing.remaining is not None]
    least, slo = min(known, default=(None, ""))
    found = Decision(ALLOW, least, slo, now + GOOD_FOR)
    weigh(found, standings, policy, now)
    if change != "feature":
        found.decision = ALLOW
    elif found.decision == BLOCK and override_until:
        found.decision, found.expires_at = WARN, min(found.expires_at, override_until)
        found.reasons.append(_("An approved override lets features pass."))
    return found


def weigh(found: Decision, standings: Sequence[Standing], policy: Policy, now: datetime) -> None:
    last = max((standing.last for standing in standings if standing.last), default=None)
    if last and now - last > timedelta(minutes=policy.blind_after_minutes):
        blind = _("Nothing was counted for more than %(minutes)d minutes: nobody knows how it stands.")
        found.worsen(BLOCK, blind % {"minutes": policy.blind_after_minutes})
    for standing in standings:
        values = {"slo": standing.objective.name, "left": f"{(standing.remaining or 0) * 100:.1f}"}
        if standing.remaining is None:
            found.worsen(WARN, _("%(slo)s: insufficient data.") % values)
        elif standing.remaining <= 0:
            used_up = _("%(slo)s: the error budget is used up (%(left)s %%). Only fixes, security and rollbacks pass.")
            found.worsen(BLOCK, used_up % values)
        elif standing.remaining < policy.features_stop_below:
            low = _("%(slo)s: %(left)s %% of the error budget is left. Features wait; stability comes first.")
            found.worsen(BLOCK, low % values)
        if any(verdict.fires for verdict in standing.verdicts.values()):
            found.worsen(WARN, _("%(slo)s: the error budget is burning right now.") % values)
