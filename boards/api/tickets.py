"""/api/tickets"""

import uuid
from datetime import date
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Query, Router

from audit.access import allow
from boards.api import shapes
from boards.api.answers import chosen_fields, is_known, json_response, no_content, seen_version, unless_known
from boards.api.pages import Paging, after_cursor, cursor_of
from boards.api.schemas import PositionIn, PriorityName, RestoreIn, TicketIn, TicketPatch
from boards.models import Ticket
from boards.queries.ticket import FIELDS, PRIORITIES, Shown, list_tickets, one_ticket
from boards.verbs import tickets
from boards.verbs.editing import edit

router = Router(tags=["tickets"])


class Filters(Paging):
    board: uuid.UUID | None = None
    column: uuid.UUID | None = None
    label: uuid.UUID | None = None
    assignee: uuid.UUID | None = None
    priority: PriorityName | None = None
    due_before: date | None = None
    due_after: date | None = None
    archived: bool = False
    trashed: bool = False


CONDITIONS = {
    "board": "t.board_id = %(board)s",
    "column": "t.column_id = %(column)s",
    "label": "EXISTS (SELECT FROM boards_ticketlabel x WHERE x.tenant_id = t.tenant_id AND x.ticket_id = t.id"
    " AND x.label_id = %(label)s)",
    "assignee": "EXISTS (SELECT FROM boards_ticketassignee x WHERE x.tenant_id = t.tenant_id AND x.ticket_id = t.id"
    " AND x.membership_id = %(assignee)s)",
    "priority": "t.priority = %(priority)s",
    "due_before": "t.due_on < %(due_before)s",
    "due_after": "t.due_on > %(due_after)s",
}


def shown(request: Any, ticket_id: uuid.UUID, *, merged: bool | None = None) -> HttpResponse:
    version, body = one_ticket(ticket_id, by=request.member)
    if merged is not None:
        body = body.rstrip()[:-1] + b',"merged":' + orjson.dumps(merged) + b"}"
    return answered((version, body))


def answered(ticket: Shown, *, status: int = 200) -> HttpResponse:
    version, body = ticket
    return json_response(body, status=status, etag=f'"{version}"')


@router.get("/tickets", summary=_("List tickets"), url_name="tickets", response=shapes.page_of(shapes.Ticket))
@allow("ticket:read")
def index(request: Any, filters: Query[Filters]) -> HttpResponse:
    given = filters.model_dump(exclude_none=True)
    where = [CONDITIONS[name] for name in given if name in CONDITIONS]
    where.append(f"t.archived_at IS {'NOT ' if filters.archived else ''}NULL")
    where.append(f"t.trashed_at IS {'NOT ' if filters.trashed else ''}NULL")
    if filters.priority:
        given["priority"] = PRIORITIES.index(filters.priority)
    if filters.cursor:
        where.append("t.id > %(cursor)s")
        given["cursor"] = after_cursor(filters.cursor, Ticket)["id"]
    fields = chosen_fields(filters.fields, list(FIELDS))
    items, last = list_tickets(where, given, by=request.member, fields=fields, limit=filters.limit)
    following = cursor_of(last) if last else None
    return unless_known(request, b'{"items":' + items + b',"next":' + orjson.dumps(following) + b"}")


@router.post("/tickets", summary=_("Create a ticket"), url_name="tickets-create", response={201: shapes.Ticket})
@allow("ticket:create")
def create(request: Any, payload: TicketIn) -> HttpResponse:
    draft = tickets.Draft(**{**payload.given(), "priority": PRIORITIES.index(payload.priority)})
    return answered(tickets.created(draft, by=request.member)[1], status=201)


@router.get("/tickets/{uuid:ticket_id}", summary=_("Show a ticket"), url_name="ticket", response=shapes.Ticket)
@allow("ticket:read")
def show(request: HttpRequest, ticket_id: uuid.UUID) -> HttpResponse:
    response = shown(request, ticket_id)
    if is_known(request, response["ETag"]):
        response.status_code, response.content = 304, b""
    return response


@router.patch(
    "/tickets/{uuid:ticket_id}", summary=_("Edit a ticket"), url_name="ticket-edit", response=shapes.EditedTicket
)
@allow("ticket:update")
def change(request: Any, ticket_id: uuid.UUID, payload: TicketPatch) -> HttpResponse:
    changes = payload.given()
    if payload.priority:
        changes["priority"] = PRIORITIES.index(payload.priority)
    merged = edit(ticket_id, changes, seen=seen_version(request), by=request.member)
    return shown(request, ticket_id, merged=merged)


@router.delete(
    "/tickets/{uuid:ticket_id}", summary=_("Put a ticket in the trash"), url_name="ticket-delete", response={204: None}
)
@allow("ticket:delete")
def delete(request: Any, ticket_id: uuid.UUID) -> HttpResponse:
    tickets.put_away(ticket_id, "trashed_at", by=request.member)
    return no_content()


@router.put(
    "/tickets/{uuid:ticket_id}/position", summary=_("Move a ticket"), url_name="ticket-position", response=shapes.Ticket
)
@allow("ticket:update")
def move(request: Any, ticket_id: uuid.UUID, payload: PositionIn) -> HttpResponse:
    moved = tickets.move(
        ticket_id,
        payload.column,
        after=payload.after,
        before=payload.before,
        override_reason=payload.override_reason,
        by=request.member,
    )
    return answered(moved)


@router.put(
    "/tickets/{uuid:ticket_id}/archive",
    summary=_("Archive a ticket"),
    url_name="ticket-archive",
    response=shapes.Ticket,
)
@allow("ticket:update")
def archive(request: Any, ticket_id: uuid.UUID) -> HttpResponse:
    tickets.put_away(ticket_id, "archived_at", by=request.member)
    return shown(request, ticket_id)


@router.delete(
    "/tickets/{uuid:ticket_id}/archive",
    summary=_("Restore an archived ticket"),
    url_name="ticket-unarchive",
    response=shapes.Ticket,
)
@allow("ticket:update")
def unarchive(request: Any, ticket_id: uuid.UUID, payload: RestoreIn | None = None) -> HttpResponse:
    reason = payload.override_reason if payload else ""
    tickets.bring_back(ticket_id, "archived_at", override_reason=reason, by=request.member)
    return shown(request, ticket_id)


@router.put(
    "/tickets/{uuid:ticket_id}/trash",
    summary=_("Put a ticket in the trash"),
    url_name="ticket-trash",
    response=shapes.Ticket,
)
@allow("ticket:delete")
def trash(request: Any, ticket_id: uuid.UUID) -> HttpResponse:
    tickets.put_away(ticket_id, "trashed_at", by=request.member)
    return shown(request, ticket_id)


@router.delete(
    "/tickets/{uuid:ticket_id}/trash",
    summary=_("Restore a ticket from the trash"),
    url_name="ticket-restore",
    response=shapes.Ticket,
)
@allow("ticket:delete")
def restore(request: Any, ticket_id: uuid.UUID, payload: RestoreIn | None = None) -> HttpResponse:
    reason = payload.override_reason if payload else ""
    tickets.bring_back(ticket_id, "trashed_at", override_reason=reason, by=request.member)
    return shown(request, ticket_id)
