"""Editing a ticket: edits that do not meet merge, edits of the same field are refused with all three texts."""

import uuid
from typing import Any

from boards.models import Ticket
from boards.verbs.conflict import refuse_overlap
from boards.verbs.links import replace_assignees, replace_labels
from boards.verbs.locking import lock_board_of
from boards.verbs.tickets import PLAIN, check_dates
from tenancy.identity import Member


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
