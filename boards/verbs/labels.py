"""Labels of a board."""

import uuid
from typing import Any

from django.db.models import F

from boards.models import Board, Label, TicketLabel
from boards.verbs.locking import lock_board, lock_board_of
from tenancy.identity import Member


def create(board_id: uuid.UUID, *, name: str, colour: str, by: Member) -> Label:
    lock_board(board_id, by=by)
    mine = Board.objects.filter(tenant_id=by.tenant_id, pk=board_id)
    mine.update(last_label_number=F("last_label_number") + 1)
    number = mine.values_list("last_label_number", flat=True).get()
    return Label.objects.create(tenant_id=by.tenant_id, board_id=board_id, number=number, name=name, colour=colour)


def change(label_id: uuid.UUID, changes: dict[str, Any], *, by: Member) -> None:
    lock_board_of("label", label_id, by=by)
    if changes:
        Label.objects.filter(tenant_id=by.tenant_id, pk=label_id).update(**changes)


def delete(label_id: uuid.UUID, *, by: Member) -> None:
    """Off its tickets first, while the label's number can still be looked up; their entries show it."""
    lock_board_of("label", label_id, by=by)
    TicketLabel.objects.filter(tenant_id=by.tenant_id, label_id=label_id).delete()
    Label.objects.filter(tenant_id=by.tenant_id, pk=label_id).delete()
