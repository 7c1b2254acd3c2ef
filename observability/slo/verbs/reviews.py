"""A used-up budget becomes a ticket on the operators' board: what used it up, and what is done about it?"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from boards.models import Board
from boards.models.ticket import Priority
from boards.verbs import boards, tickets
from observability.slo.models import BudgetReview
from observability.slo.objective import objectives
from observability.slo.queries.standing import Standing
from tenancy.identity import Member
from tenancy.operators import OPERATORS_ID, OPERATORS_SLUG

BOARD_KEY = "OPS"
# Nobody's membership: what the installation itself does in the operators' workspace, as `system` in the log.
NOBODY: dict[str, Any] = {"id": None, "user_id": None, "number": 0, "name": "Tika", "email": "", "language": ""}
SYSTEM_MEMBER = Member(
    role="OWNER",
    tenant_id=OPERATORS_ID,
    tenant_slug=OPERATORS_SLUG,
    tenant_name="Operations",
    timezone="UTC",
    theme="auto",
    **NOBODY,
)


def review(standings: Sequence[Standing], *, now: datetime) -> None:
    """One ticket for each time that a gating budget is used up: the next one only after it has recovered."""
    rows = BudgetReview.objects.filter(tenant_id=OPERATORS_ID, recovered_at=None)
    open_ones = {row.objective: row for row in rows}
    for standing in standings:
        left, row = standing.remaining, open_ones.get(standing.objective.name)
        if left is None or not standing.objective.gates_deploys:
            continue
        if row is None and left <= 0:
            make_ticket(standing)
        elif row is not None and left >= objectives().policy.features_stop_below:
            BudgetReview.objects.filter(tenant_id=OPERATORS_ID, pk=row.pk).update(recovered_at=now)


def make_ticket(standing: Standing) -> None:
    name = standing.objective.name
    with translation.override(settings.LANGUAGE_CODE):
        values = {
            "slo": name,
            "bad": f"{standing.counts.bad:.0f}",
            "valid": f"{standing.counts.valid:.0f}",
            "days": standing.objective.window_days,
            "target": f"{standing.objective.target * 100:g}",
        }
        title = _("Review: the error budget of %(slo)s is used up") % values
        text = _(
            "%(bad)s of %(valid)s events failed in %(days)d days; the objective is %(target)s %%. "
            "Features wait until the budget has recovered. What used it up, and what keeps it from happening again?"
        )
        draft = tickets.Draft(title=title, board=operations_board(), description=text % values, priority=Priority.HIGH)
        ticket = tickets.create(draft, by=SYSTEM_MEMBER)
    BudgetReview.objects.create(tenant_id=OPERATORS_ID, objective=name, ticket_id=ticket)


def operations_board() -> Any:
    """The id of the operators' board: made where it is missing, brought back where it was put away."""
    found = Board.objects.filter(tenant_id=OPERATORS_ID, key=BOARD_KEY).first()
    if found is None:
        return boards.create(str(_("Operations")), key=BOARD_KEY, by=SYSTEM_MEMBER).pk
    for where in ("trashed_at", "archived_at"):
        if getattr(found, where):
            boards.bring_back(cast(Any, found.pk), where, by=SYSTEM_MEMBER)
    return found.pk
