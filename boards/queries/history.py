"""What happened to a ticket, told in sentences, the latest first."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from audit.models import Entry
from boards.history import Names, actor_name, sentences
from boards.models import Checklist, ChecklistItem, Column, Label, Ticket
from boards.rank import NUMBERED_BY
from tenancy.models import Membership

PAGE = 50


@dataclass(frozen=True)
class Event:
    id: uuid.UUID
    at: datetime
    actor: str
    actor_type: str
    sentences: list[str]
    reason: str


def history_of(ticket: Ticket, *, before: uuid.UUID | None = None) -> tuple[list[Event], uuid.UUID | None]:
    """(a page of events, the entry to go on before)"""
    numbered_anew = Q(actor_type=NUMBERED_BY[0], actor_id=NUMBERED_BY[1])
    entries = Entry.objects.filter(~numbered_anew, tenant_id=ticket.tenant_id, subject_id=ticket.pk)
    last = entries.filter(pk=before).first() if before else None
    if last is not None:
        entries = entries.filter(at__lte=last.at).exclude(at=last.at, pk__gte=last.pk)
    page = list(entries.order_by("-at", "-id")[: PAGE + 1])
    following = page[PAGE - 1].pk if len(page) > PAGE else None
    return told(ticket, page[:PAGE]), following


def told(ticket: Ticket, entries: list[Entry]) -> list[Event]:
    names = names_for(ticket, entries)
    people = {str(pk): name for pk, name in members(ticket).values_list("id", "name")}
    events = [
        Event(
            entry.pk,
            entry.at,
            actor_name(entry.actor_type, people.get(entry.actor_id, "")),
            entry.actor_type,
            sentences(entry.resource, entry.action, entry.resource_id, entry.changes, names),
            entry.reason,
        )
        for entry in entries
    ]
    return [event for event in events if event.sentences]


def members(ticket: Ticket) -> Any:
    return Membership.objects.filter(tenant_id=ticket.tenant_id)


def names_for(ticket: Ticket, entries: list[Entry]) -> Names:
    own = {"tenant_id": ticket.tenant_id, "board_id": ticket.board_id}
    columns = {str(pk): name for pk, name in Column.objects.filter(**own).values_list("id", "name")}
    labels = {label.number: label.name or label.get_colour_display() for label in Label.objects.filter(**own)}
    lists = Checklist.objects.filter(tenant_id=ticket.tenant_id, ticket_id=ticket.pk).values_list("id", "name")
    items = ChecklistItem.objects.filter(tenant_id=ticket.tenant_id, ticket_id=ticket.pk).values_list("id", "text")
    people = dict(members(ticket).values_list("number", "name"))
    columns |= deleted_columns(ticket, {the_id for entry in entries for the_id in columns_in(entry)} - columns.keys())
    return Names(columns, labels, people, {str(pk): name for pk, name in [*lists, *items]})


def columns_in(entry: Entry) -> list[str]:
    sides = (entry.changes.get(side) or {} for side in ("before", "after"))
    return [side["column_id"] for side in sides if side.get("column_id")]


def deleted_columns(ticket: Ticket, ids: set[str]) -> dict[str, str]:
    """The last names of columns that are gone, from the log."""
    if not ids:
        return {}
    gone = Entry.objects.filter(tenant_id=ticket.tenant_id, subject_id__in=ids, resource="column", action="DELETE")
    return {str(pk): name for pk, name in gone.values_list("resource_id", "changes__before__name")}
