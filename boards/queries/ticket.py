"""Tickets as the API shows them, one JSON shape, built by PostgreSQL."""

import uuid
from typing import Any

from django.db import connection

from boards.models.ticket import Ticket
from boards.queries.visible import VISIBLE, reader_of
from tenancy.errors import NotFound
from tenancy.identity import Member

PRIORITIES = ("none", "low", "medium", "high", "urgent")
PRIORITY = "(ARRAY['none', 'low', 'medium', 'high', 'urgent'])[t.priority + 1]"
FIELDS: dict[str, str] = {
    "id": "t.id",
    "key": "b.key || '-' || t.number",
    "number": "t.number",
    "board": "t.board_id",
    "column": "t.column_id",
    "title": "t.title",
    "description": "t.description",
    "labels": """ARRAY(SELECT x.label_id FROM boards_ticketlabel x
        WHERE x.tenant_id = t.tenant_id AND x.ticket_id = t.id ORDER BY x.id)""",
    "assignees": """ARRAY(SELECT x.membership_id FROM boards_ticketassignee x
        WHERE x.tenant_id = t.tenant_id AND x.ticket_id = t.id ORDER BY x.id)""",
    "priority": PRIORITY,
    "start_on": "t.start_on",
    "due_on": "t.due_on",
    "estimate": "trim_scale(t.estimate)",
    "version": "t.version",
    "rank": "t.rank",
    "comment_count": "t.comment_count",
    "attachment_count": "t.attachment_count",
    "checklist_total": "t.checklist_total",
    "checklist_done": "t.checklist_done",
    "archived_at": "t.archived_at",
    "trashed_at": "t.trashed_at",
    "created_at": "t.created_at",
    "updated_at": "t.updated_at",
    "created_by": "t.created_by_id",
}


def ticket_json(fields: list[str]) -> str:
    return "json_build_object(" + ", ".join(f"'{name}', {FIELDS[name]}" for name in fields) + ")"


WHOLE = ticket_json(list(FIELDS))
FROM = "FROM boards_ticket t JOIN boards_board b ON b.tenant_id = t.tenant_id AND b.id = t.board_id"
ONE_SQL = f"SELECT t.version, {WHOLE}::text {FROM} WHERE t.tenant_id = %(tenant)s AND t.id = %(id)s AND {VISIBLE}"


# After a statement that writes one ticket: the same shape of the row it returns, without another look.
WRITTEN = f"""SELECT t.version, {WHOLE}::text
    FROM written t JOIN boards_board b ON b.tenant_id = t.tenant_id AND b.id = t.board_id"""  # noqa: S608 - constants
Shown = tuple[int, bytes]  # version, JSON


def as_shown(row: tuple[int, str]) -> Shown:
    return row[0], row[1].encode()


def one_ticket(ticket_id: uuid.UUID, *, by: Member) -> Shown:
    """Raises NotFound where there is none or the reader may not see it."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_SQL, {**reader_of(by), "id": ticket_id})
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    return as_shown(row)


def visible_ticket(ticket_id: uuid.UUID, *, by: Member) -> Ticket:
    ticket = Ticket.objects.visible_to(by).filter(pk=ticket_id).first()
    if ticket is None:
        raise NotFound
    return ticket


def list_tickets(
    where: list[str], parameters: dict[str, Any], *, by: Member, fields: list[str], limit: int
) -> tuple[bytes, uuid.UUID | None]:
    """(items as a JSON array, id to go on after): `where` are conditions on `t`, in the order of ids."""
    conditions = " AND ".join(["t.tenant_id = %(tenant)s", VISIBLE, *where])
    query = f"""SELECT t.id, {ticket_json(fields)}::text {FROM} WHERE {conditions}
        ORDER BY t.id LIMIT %(limit)s"""
    with connection.cursor() as cursor:
        cursor.execute(query, {**reader_of(by), **parameters, "limit": limit + 1})
        rows = cursor.fetchall()
    page = rows[:limit]
    return ("[" + ",".join(row[1] for row in page) + "]").encode(), page[-1][0] if len(rows) > limit else None
