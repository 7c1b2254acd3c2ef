"""Editing a ticket: edits that do not meet merge, edits of the same field are refused with all three texts."""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.models import Entry
from boards.models import Ticket, TicketAssignee, TicketLabel
from boards.verbs.links import replace_assignees, replace_labels
from boards.verbs.locking import lock_board_of
from boards.verbs.tickets import PLAIN, check_dates
from tenancy.errors import Conflict, Stale
from tenancy.identity import Member

# What a field is called in the log, where it is not its own name.
LOGGED_AS = {"labels": "label_numbers", "assignees": "assignee_numbers"}


def edit(ticket_id: uuid.UUID, changes: dict[str, Any], *, seen: int | None = None, by: Member) -> bool:
    """Writes `changes` (of PLAIN, labels, assignees); `seen` is the version the person edited.

    True when somebody else's edits of other fields were merged. Raises Conflict with base, yours and theirs of each
    field that both changed; Stale when the ticket never had that version; NotFound; Invalid.
    """
    board = lock_board_of("ticket", ticket_id, by=by)
    ticket = Ticket.objects.get(tenant_id=by.tenant_id, pk=ticket_id)
    merged = False
    if seen is not None and seen != ticket.version:
        refuse_overlap(ticket, changes, seen)
        merged = True
    plain = {name: value for name, value in changes.items() if name in PLAIN and getattr(ticket, name) != value}
    check_dates(plain.get("start_on", ticket.start_on), plain.get("due_on", ticket.due_on))
    if plain:
        Ticket.objects.filter(tenant_id=by.tenant_id, pk=ticket_id).update(**plain)
    if "labels" in changes:
        replace_labels(ticket_id, board.id, changes["labels"], by=by)
    if "assignees" in changes:
        replace_assignees(ticket_id, board.id, changes["assignees"], by=by)
    return merged


def refuse_overlap(ticket: Ticket, changes: dict[str, Any], seen: int) -> None:
    if seen > ticket.version or seen < 1:
        raise Stale
    theirs = changed_since(ticket, seen)
    both = [name for name in changes if LOGGED_AS.get(name, name) in theirs]
    overlap = {
        name: {"base": theirs[LOGGED_AS.get(name, name)], "yours": changes[name], "theirs": present(ticket, name)}
        for name in both
        if present(ticket, name) != as_json(changes[name])
    }
    if overlap:
        sentence = _("Someone else has changed the same field. Choose which text stays, or merge them.")
        raise Conflict(sentence, details={"fields": as_json(overlap), "version": ticket.version})


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


def present(ticket: Ticket, name: str) -> Any:
    if name == "labels":
        links = TicketLabel.objects.filter(tenant_id=ticket.tenant_id, ticket_id=ticket.pk)
        return [str(pk) for pk in links.order_by("id").values_list("label_id", flat=True)]
    if name == "assignees":
        people = TicketAssignee.objects.filter(tenant_id=ticket.tenant_id, ticket_id=ticket.pk)
        return [str(pk) for pk in people.order_by("id").values_list("membership_id", flat=True)]
    return as_json(getattr(ticket, name))


def as_json(value: Any) -> Any:
    """Dates, decimals and identifiers as the text they have in JSON."""
    if isinstance(value, dict):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    return value if value is None or isinstance(value, str | int | bool) else str(value)
