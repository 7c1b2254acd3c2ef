"""Edits made on an old version: what the others have changed since, and where the two edits meet."""

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.models import Entry
from boards.models import Label, Ticket
from boards.queries.ticket import PRIORITIES
from tenancy.errors import Conflict, Stale
from tenancy.models import Membership

# What a field is called in the log and on the ticket's row, where it is not its own name.
LOGGED_AS = {"labels": "label_numbers", "assignees": "assignee_numbers"}


def refuse_overlap(ticket: Ticket, changes: dict[str, Any], seen: int) -> None:
    """Raises Conflict with base, yours and theirs of each field that both changed; Stale for a version never had."""
    if seen > ticket.version or seen < 1:
        raise Stale
    logged = changed_since(ticket, seen)
    overlap = {}
    for name in changes:
        column = LOGGED_AS.get(name, name)
        if column not in logged:
            continue
        tell, yours = teller_of(name, ticket), as_told(name, changes[name])
        base, theirs = tell(logged[column]), tell(getattr(ticket, column))
        if theirs not in (base, yours):
            overlap[name] = {"base": base, "yours": yours, "theirs": theirs}
    if overlap:
        sentence = _("Someone else has changed the same field. Choose which text stays, or merge them.")
        raise Conflict(sentence, details={"fields": overlap, "version": ticket.version})


def changed_since(ticket: Ticket, seen: int) -> dict[str, Any]:
    """{column: value at version `seen`} of what was changed after it, read from the log."""
    found: dict[str, Any] = {}
    entries = Entry.objects.filter(
        tenant_id=ticket.tenant_id, subject_id=ticket.pk, resource="ticket", resource_id=ticket.pk, action="UPDATE"
    )
    for changes in entries.order_by("-at", "-id").values_list("changes", flat=True).iterator(100):
        before = changes["before"]
        if "version" not in before:
            continue
        if before["version"] < seen:
            break
        found.update(before)
    return found


def teller_of(name: str, ticket: Ticket) -> Callable[[Any], Any]:
    """From the log's value of a field, or its row's, to what the API shows."""
    own = {"tenant_id": ticket.tenant_id}
    if name == "labels":
        return lambda numbers: ids_of(Label.objects.filter(**own, board_id=ticket.board_id, number__in=numbers))
    if name == "assignees":
        return lambda numbers: ids_of(Membership.objects.filter(**own, number__in=numbers))
    return lambda value: as_told(name, value)


def ids_of(rows: Any) -> list[str]:
    """Of those that are still there."""
    return sorted(str(pk) for pk in rows.values_list("pk", flat=True))


def as_told(name: str, value: Any) -> Any:
    if name == "priority":
        return PRIORITIES[value]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return sorted({str(item) for item in value})
    return str(value) if isinstance(value, date | uuid.UUID) else value
