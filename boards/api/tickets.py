"""/api/tickets"""

import uuid
from datetime import date
from typing import Annotated, Any

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from audit.access import allow
from boards.api.answers import (
    Cursor,
    PageLimit,
    after_cursor,
    chosen_fields,
    cursor_of,
    json_response,
    no_content,
    page_limit,
    seen_version,
)
from boards.api.schemas import Payload, PositionIn, PriorityName, RestoreIn, TicketIn, TicketPatch
from boards.queries.ticket import FIELDS, PRIORITIES, list_tickets, one_ticket
from boards.verbs import tickets
from boards.verbs.editing import edit

router = Router(tags=["tickets"])


class Filters(Payload):
    board: uuid.UUID | None = None
    column: uuid.UUID | None = None
    label: uuid.UUID | None = None
    assignee: uuid.UUID | None = None
    priority: PriorityName | None = None
    due_before: date | None = None
    due_after: date | None = None
    archived: bool = False
    trashed: bool = False
    limit: PageLimit | None = None
    cursor: Cursor | None = None
    fields: Annotated[str, Field(max_length=1000)] | None = None


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


def shown(request: Any, ticket_id: uuid.UUID, *, status: int = 200, merged: bool = False) -> HttpResponse:
    version, body = one_ticket(ticket_id, by=request.member)
    if merged:
        body = body.rstrip()[:-1] + b', "merged": true}'
    return json_response(body, status=status, etag=str(version))


@router.get("/tickets", summary="List tickets", url_name="tickets")
@allow("ticket:read")
def index(request: HttpRequest, filters: Query[Filters]) -> HttpResponse:
    given = filters.model_dump(exclude_none=True)
    where = [CONDITIONS[name] for name in given if name in CONDITIONS]
    where.append(f"t.archived_at IS {'NOT ' if filters.archived else ''}NULL")
    where.append(f"t.trashed_at IS {'NOT ' if filters.trashed else ''}NULL")
    if filters.priority:
        given["priority"] = PRIORITIES.index(filters.priority)
    if filters.cursor:
        where.append("t.id > %(cursor)s")
        given["cursor"] = after_cursor(filters.cursor)
    fields = chosen_fields(filters.fields, list(FIELDS))
    limit = page_limit(filters.limit)
    items, last = list_tickets(where, given, by=request.member, fields=fields, limit=limit)  # type: ignore[attr-defined]
    return json_response(b'{"items":' + items + b',"next":' + orjson.dumps(cursor_of(last)) + b"}")


@router.post("/tickets", summary="Create a ticket", url_name="tickets-create")
@allow("ticket:create")
def create(request: Any, payload: TicketIn) -> HttpResponse:
    draft = tickets.Draft(**{**payload.given(), "priority": PRIORITIES.index(payload.priority)})
    return shown(request, tickets.create(draft, by=request.member), status=201)


@router.get("/tickets/{uuid:ticket_id}", summary="Show a ticket", url_name="ticket")
@allow("ticket:read")
def show(request: Any, ticket_id: uuid.UUID) -> HttpResponse:
    response = shown(request, ticket_id)
    if response["ETag"] in request.headers.get("If-None-Match", "").replace("W/", "").split(", "):
        return not_modified(response)
    return response


def not_modified(response: HttpResponse) -> HttpResponse:
    response.status_code, response.content = 304, b""
    return response


@router.patch("/tickets/{uuid:ticket_id}", summary="Edit a ticket", url_name="ticket-edit")
@allow("ticket:update")
def change(request: Any, ticket_id: uuid.UUID, payload: TicketPatch) -> HttpResponse:
    changes = payload.given()
    if payload.priority:
        changes["priority"] = PRIORITIES.index(payload.priority)
    merged = edit(ticket_id, changes, seen=seen_version(request), by=request.member)
    return shown(request, ticket_id, merged=merged)


@router.delete("/tickets/{uuid:ticket_id}", summary="Put a ticket in the trash", url_name="ticket-delete")
@allow("ticket:delete")
def delete(request: Any, ticket_id: uuid.UUID) -> HttpResponse:
    tickets.put_away(ticket_id, "trashed_at", by=request.member)
    return no_content()


@router.put("/tickets/{uuid:ticket_id}/position", summary="Move a ticket", url_name="ticket-position")
@allow("ticket:update")
def move(request: Any, ticket_id: uuid.UUID, payload: PositionIn) -> HttpResponse:
    tickets.move(
        ticket_id,
        payload.column,
        after=payload.after,
        before=payload.before,
        override_reason=payload.override_reason,
        by=request.member,
    )
    return shown(request, ticket_id)


@router.put("/tickets/{uuid:ticket_id}/archive", summary="Archive a ticket", url_name="ticket-archive")
@allow("ticket:update")
def archive(request: Any, ticket_id: uuid.UUID) -> HttpResponse:
    tickets.put_away(ticket_id, "archived_at", by=request.member)
    return shown(request, ticket_id)


@router.delete("/tickets/{uuid:ticket_id}/archive", summary="Restore an archived ticket", url_name="ticket-unarchive")
@allow("ticket:update")
def unarchive(request: Any, ticket_id: uuid.UUID, payload: RestoreIn | None = None) -> HttpResponse:
    reason = payload.override_reason if payload else ""
    tickets.bring_back(ticket_id, "archived_at", override_reason=reason, by=request.member)
    return shown(request, ticket_id)


@router.put("/tickets/{uuid:ticket_id}/trash", summary="Put a ticket in the trash", url_name="ticket-trash")
@allow("ticket:delete")
def trash(request: Any, ticket_id: uuid.UUID) -> HttpResponse:
    tickets.put_away(ticket_id, "trashed_at", by=request.member)
    return shown(request, ticket_id)


@router.delete("/tickets/{uuid:ticket_id}/trash", summary="Restore a ticket from the trash", url_name="ticket-restore")
@allow("ticket:delete")
def restore(request: Any, ticket_id: uuid.UUID, payload: RestoreIn | None = None) -> HttpResponse:
    reason = payload.override_reason if payload else ""
    tickets.bring_back(ticket_id, "trashed_at", override_reason=reason, by=request.member)
    return shown(request, ticket_id)
