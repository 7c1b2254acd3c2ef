"""Where a ticket goes: anchors to a key, under the board's lock."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from boards.rank import LONG, NUMBERED_BY, between, evenly
from tenancy.context import Actor, acting_as, set_reason
from tenancy.errors import Conflict, Invalid

# One look: the column, its room, and the keys on both sides of the place that the anchors name. An anchor that has
# left the column does not count; with none left the place is the column's end. Archived tickets keep their place, so
# they take part. Every look-up runs on the unique key (tenant, column, rank).
PLACE_SQL = """
WITH anchor AS (
    SELECT (SELECT rank FROM boards_ticket WHERE tenant_id = %(tenant)s AND column_id = %(column)s AND id = %(after)s
            AND id IS DISTINCT FROM %(ticket)s) AS low,
           (SELECT rank FROM boards_ticket WHERE tenant_id = %(tenant)s AND column_id = %(column)s AND id = %(before)s
            AND id IS DISTINCT FROM %(ticket)s) AS high
)
SELECT c.id, c.name, c.category, c.wip_limit, c.archived_at IS NOT NULL,
    CASE WHEN c.wip_limit IS NOT NULL THEN (
        SELECT count(*) FROM boards_ticket t WHERE t.tenant_id = %(tenant)s AND t.board_id = %(board)s
        AND t.column_id = c.id AND t.archived_at IS NULL AND t.trashed_at IS NULL AND t.id IS DISTINCT FROM %(ticket)s)
    END,
    CASE WHEN low IS NOT NULL THEN low
         WHEN high IS NOT NULL THEN (SELECT max(rank) FROM boards_ticket WHERE tenant_id = %(tenant)s
            AND column_id = c.id AND rank < high AND id IS DISTINCT FROM %(ticket)s)
         ELSE (SELECT max(rank) FROM boards_ticket WHERE tenant_id = %(tenant)s AND column_id = c.id
            AND id IS DISTINCT FROM %(ticket)s) END,
    CASE WHEN low IS NOT NULL THEN (SELECT min(rank) FROM boards_ticket WHERE tenant_id = %(tenant)s
            AND column_id = c.id AND rank > low AND id IS DISTINCT FROM %(ticket)s)
         ELSE high END,
    old.column_id, old.rank, old.archived_at IS NULL AND old.trashed_at IS NULL
FROM boards_column c CROSS JOIN anchor
LEFT JOIN boards_ticket old ON old.tenant_id = %(tenant)s AND old.id = %(ticket)s
WHERE c.tenant_id = %(tenant)s AND c.board_id = %(board)s AND c.id = %(column)s
"""


class WipLimit(Conflict):
    """The column is full; `override_reason` lets the ticket in and stays in the log."""

    code = "WIP_LIMIT"


@dataclass(frozen=True)
class Place:
    column_id: uuid.UUID
    column_name: str
    category: str
    wip_limit: int | None
    is_archived: bool
    open_tickets: int | None  # besides the one that comes; None without a limit
    low: str | None
    high: str | None
    old_column_id: uuid.UUID | None
    old_rank: str | None
    was_open: bool | None

    @property
    def is_already_there(self) -> bool:
        if self.old_rank is None or self.old_column_id != self.column_id:
            return False
        return (self.low is None or self.low < self.old_rank) and (self.high is None or self.old_rank < self.high)

    @property
    def takes_room(self) -> bool:
        return not (self.was_open and self.old_column_id == self.column_id)


def find_place(
    tenant_id: uuid.UUID,
    board_id: uuid.UUID,
    column_id: uuid.UUID,
    *,
    ticket_id: uuid.UUID | None = None,
    after: uuid.UUID | None = None,
    before: uuid.UUID | None = None,
) -> Place:
    """Raises Invalid where the board has no such column, or it is archived."""
    given: dict[str, Any] = {"tenant": tenant_id, "board": board_id, "column": column_id, "ticket": ticket_id}
    with connection.cursor() as cursor:
        cursor.execute(PLACE_SQL, {**given, "after": after, "before": before})
        row = cursor.fetchone()
    if row is None:
        raise Invalid.field("column", _("This board has no such column."))
    place = Place(*row)
    if place.is_archived:
        raise Invalid.field("column", _("This column is archived. Restore it first."))
    return place


def check_room(place: Place, *, override_reason: str = "") -> None:
    """Raises WipLimit when the column is full and no reason to go over it is given."""
    if place.wip_limit is None or place.open_tickets is None or not place.takes_room:
        return
    if place.open_tickets < place.wip_limit:
        return
    if override_reason.strip():
        set_reason(override_reason.strip())
        return
    sentence = _(
        "“%(column)s” holds %(count)s of %(limit)s tickets. Finish one first, or give a reason to go over the limit."
    )
    told = {"column": place.column_name, "count": place.open_tickets, "limit": place.wip_limit}
    raise WipLimit(sentence % told, details={**told, "column_id": str(place.column_id)})


def key_for(place: Place) -> str:
    return between(place.low, place.high)


def shorten_keys(tenant_id: uuid.UUID, column_id: uuid.UUID, rank: str) -> bool:
    """Numbers a column anew when a key has grown long: two statements however many tickets, same transaction. Tells
    whether it did."""
    if len(rank) <= LONG:
        return False
    with acting_as(Actor(*NUMBERED_BY)), connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM boards_ticket WHERE tenant_id = %s AND column_id = %s ORDER BY rank", [tenant_id, column_id]
        )
        ids = [row[0] for row in cursor.fetchall()]
        cursor.execute(
            "UPDATE boards_ticket t SET rank = fresh.rank FROM unnest(%s::uuid[], %s::text[]) AS fresh (id, rank)"
            " WHERE t.tenant_id = %s AND t.id = fresh.id",
            [ids, evenly(len(ids)), tenant_id],
        )
    return True
