"""Creating, editing and moving tickets, and putting them away."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boards.counts import tickets_created
from boards.models import Ticket
from boards.queries.ticket import WRITTEN, Shown, as_shown, one_ticket
from boards.queries.visible import VISIBLE, reader_of
from boards.verbs.links import link_assignees, link_labels
from boards.verbs.locking import lock_board_of
from boards.verbs.placing import check_room, find_place, key_for, shorten_keys
from tenancy.errors import Invalid, NotFound
from tenancy.identity import Member
from tenancy.ids import uuid7

# Locks the board, gives out the number, and finds the first column where none was named.
NUMBER_SQL = f"""UPDATE boards_board b SET last_ticket_number = last_ticket_number + 1
WHERE b.tenant_id = %(tenant)s AND b.id = coalesce(%(board)s,
        (SELECT board_id FROM boards_column WHERE tenant_id = %(tenant)s AND id = %(column)s)) AND {VISIBLE}
RETURNING b.id, b.last_ticket_number, coalesce(%(column)s, (
    SELECT c.id FROM boards_column c WHERE c.tenant_id = b.tenant_id AND c.board_id = b.id AND c.archived_at IS NULL
    ORDER BY c.rank LIMIT 1))"""  # noqa: S608 - VISIBLE is a constant
INSERT_SQL = f"""WITH written AS (INSERT INTO boards_ticket (
    id, tenant_id, board_id, column_id, number, title, description, priority, start_on, due_on, estimate, rank,
    label_numbers, assignee_numbers, created_at, updated_at, created_by_id)
VALUES (%(id)s, %(tenant)s, %(board)s, %(column)s, %(number)s, %(title)s, %(description)s, %(priority)s,
    %(start_on)s, %(due_on)s, %(estimate)s, %(rank)s,
    ARRAY(SELECT number FROM boards_label WHERE tenant_id = %(tenant)s AND board_id = %(board)s
          AND id = ANY (%(labels)s::uuid[]) ORDER BY number),
    ARRAY(SELECT number FROM tenancy_membership WHERE tenant_id = %(tenant)s
          AND id = ANY (%(assignees)s::uuid[]) ORDER BY number),
    now(), now(), %(by)s) RETURNING *) {WRITTEN}"""  # noqa: S608 - constants
MOVE_SQL = f"""WITH written AS (UPDATE boards_ticket SET column_id = %(column)s, rank = %(rank)s
    WHERE tenant_id = %(tenant)s AND id = %(ticket)s RETURNING *) {WRITTEN}"""  # noqa: S608 - constants

PLAIN = ("title", "description", "priority", "start_on", "due_on", "estimate")


@dataclass(frozen=True)
class Draft:
    """A ticket to be: one of board and column is given."""

    title: str
    board: uuid.UUID | None = None
    column: uuid.UUID | None = None
    description: str = ""
    priority: int = 0
    start_on: date | None = None
    due_on: date | None = None
    estimate: Decimal | None = None
    labels: Sequence[uuid.UUID] = ()
    assignees: Sequence[uuid.UUID] = ()
    after: uuid.UUID | None = None
    before: uuid.UUID | None = None
    override_reason: str = ""


def create(draft: Draft, *, by: Member) -> uuid.UUID:
    """The new ticket's id. Raises as `created` does."""
    return created(draft, by=by)[0]


def created(draft: Draft, *, by: Member) -> tuple[uuid.UUID, Shown]:
    """The new ticket's id, and what it looks like.

    Raises NotFound (board), Invalid (column, labels, assignees, dates), WipLimit.
    """
    check_dates(draft.start_on, draft.due_on)
    board_id, number, column_id = take_number(draft, by)
    place = find_place(by.tenant_id, board_id, column_id, after=draft.after, before=draft.before)
    check_room(place, override_reason=draft.override_reason)
    ticket_id, rank = uuid7(), key_for(place)
    values: dict[str, Any] = {name: getattr(draft, name) for name in PLAIN}
    values |= {"labels": list(draft.labels), "assignees": list(draft.assignees), "rank": rank, "by": by.id}
    values |= {"id": ticket_id, "tenant": by.tenant_id, "board": board_id, "column": column_id, "number": number}
    with connection.cursor() as cursor:
        cursor.execute(INSERT_SQL, values)
        shown = as_shown(cursor.fetchone())
    if draft.labels:
        link_labels(ticket_id, board_id, draft.labels, by=by)
    if draft.assignees:
        link_assignees(ticket_id, board_id, draft.assignees, by=by)
    if shorten_keys(by.tenant_id, column_id, rank) or draft.labels or draft.assignees:
        shown = one_ticket(ticket_id, by=by)
    tickets_created(place.category)
    return ticket_id, shown


def take_number(draft: Draft, by: Member) -> tuple[uuid.UUID, int, uuid.UUID]:
    with connection.cursor() as cursor:
        given: dict[str, Any] = {**reader_of(by), "board": draft.board, "column": draft.column}
        cursor.execute(NUMBER_SQL, given)
        row: tuple[uuid.UUID, int, uuid.UUID] | None = cursor.fetchone()
    if row is None:
        raise NotFound
    if row[2] is None:
        raise Invalid.field("board", _("This board has no column yet. Add one first."))
    return row


def move(
    ticket_id: uuid.UUID,
    column_id: uuid.UUID,
    *,
    after: uuid.UUID | None = None,
    before: uuid.UUID | None = None,
    override_reason: str = "",
    by: Member,
) -> Shown:
    """Puts a ticket between its anchors; where it lies there already nothing is written. Raises as `created` does."""
    board = lock_board_of("ticket", ticket_id, by=by)
    place = find_place(by.tenant_id, board.id, column_id, ticket_id=ticket_id, after=after, before=before)
    if place.is_already_there:
        return one_ticket(ticket_id, by=by)
    check_room(place, override_reason=override_reason)
    rank = key_for(place)
    with connection.cursor() as cursor:
        cursor.execute(MOVE_SQL, {"column": column_id, "rank": rank, "tenant": by.tenant_id, "ticket": ticket_id})
        shown = as_shown(cursor.fetchone())
    return one_ticket(ticket_id, by=by) if shorten_keys(by.tenant_id, column_id, rank) else shown


def put_away(ticket_id: uuid.UUID, where: str, *, by: Member) -> None:
    """`where` is "archived_at" or "trashed_at"; a second time changes nothing."""
    lock_board_of("ticket", ticket_id, by=by)
    Ticket.objects.filter(tenant_id=by.tenant_id, pk=ticket_id, **{where: None}).update(**{where: timezone.now()})


def bring_back(ticket_id: uuid.UUID, where: str, *, override_reason: str = "", by: Member) -> None:
    """Back from the archive or the trash to the place it had. Raises WipLimit, as coming in by a move does."""
    board = lock_board_of("ticket", ticket_id, by=by)
    ticket = Ticket.objects.get(tenant_id=by.tenant_id, pk=ticket_id)
    if getattr(ticket, where) is None:
        return
    place = find_place(by.tenant_id, board.id, ticket.column_id, ticket_id=ticket_id)
    check_room(place, override_reason=override_reason)
    Ticket.objects.filter(tenant_id=by.tenant_id, pk=ticket_id).update(**{where: None})


def check_dates(start_on: date | None, due_on: date | None) -> None:
    if start_on and due_on and start_on > due_on:
        raise Invalid.field("start_on", _("The start is after the due date."))
