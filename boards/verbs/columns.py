"""Columns of a board."""

import uuid
from typing import Any

from django.db.models import F, Max, Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from boards.models import Board, Column, Ticket
from boards.rank import between
from boards.verbs.locking import lock_board, lock_board_of
from tenancy.errors import Conflict, Invalid
from tenancy.identity import Member


def create(board_id: uuid.UUID, name: str, *, by: Member, **fields: Any) -> Column:
    """At the board's end. `fields`: category, colour, wip_limit."""
    lock_board(board_id, by=by)
    mine = Board.objects.filter(tenant_id=by.tenant_id, pk=board_id)
    mine.update(last_column_number=F("last_column_number") + 1)
    number = mine.values_list("last_column_number", flat=True).get()
    last = Column.objects.filter(tenant_id=by.tenant_id, board_id=board_id).aggregate(last=Max("rank"))["last"]
    return Column.objects.create(
        tenant_id=by.tenant_id, board_id=board_id, number=number, name=name, rank=between(last, None), **fields
    )


def change(column_id: uuid.UUID, changes: dict[str, Any], *, by: Member) -> None:
    """`changes` of name, category, colour, wip_limit. A limit below what the column holds is kept: it is then full."""
    lock_board_of("column", column_id, by=by)
    if changes:
        Column.objects.filter(tenant_id=by.tenant_id, pk=column_id).update(**changes)


def move(column_id: uuid.UUID, *, after: uuid.UUID | None, before: uuid.UUID | None, by: Member) -> None:
    """Between two columns of the same board; at the end without anchors."""
    board = lock_board_of("column", column_id, by=by)
    others = Column.objects.filter(tenant_id=by.tenant_id, board_id=board.id).exclude(pk=column_id)
    ranks = dict(others.values_list("pk", "rank"))
    for name, anchor in (("after", after), ("before", before)):
        if anchor is not None and anchor not in ranks:
            raise Invalid.field(name, _("This board has no such column."))
    low: str | None
    high: str | None
    if after is not None:
        low = ranks[after]
        high = others.filter(rank__gt=low).aggregate(high=Min("rank"))["high"]
    elif before is not None:
        high = ranks[before]
        low = others.filter(rank__lt=high).aggregate(low=Max("rank"))["low"]
    else:
        low, high = max(ranks.values(), default=None), None
    rank = between(low, high)
    Column.objects.filter(tenant_id=by.tenant_id, pk=column_id).update(rank=rank)


def archive(column_id: uuid.UUID, *, by: Member) -> None:
    lock_board_of("column", column_id, by=by)
    Column.objects.filter(tenant_id=by.tenant_id, pk=column_id, archived_at=None).update(archived_at=timezone.now())


def restore(column_id: uuid.UUID, *, by: Member) -> None:
    lock_board_of("column", column_id, by=by)
    Column.objects.filter(tenant_id=by.tenant_id, pk=column_id).update(archived_at=None)


def delete(column_id: uuid.UUID, *, by: Member) -> None:
    """Raises Conflict while tickets, archived ones included, lie in it."""
    lock_board_of("column", column_id, by=by)
    if Ticket.objects.filter(tenant_id=by.tenant_id, column_id=column_id).exists():
        raise Conflict(_("Tickets lie in this column. Move them first, or archive the column."))
    Column.objects.filter(tenant_id=by.tenant_id, pk=column_id).delete()
