"""Checklists and their items."""

import uuid
from typing import Any

from django.db.models import Max

from boards.models import Checklist, ChecklistItem
from boards.rank import between
from boards.verbs.locking import lock_board_of
from tenancy.identity import Member


def create(ticket_id: uuid.UUID, name: str, *, by: Member) -> Checklist:
    board = lock_board_of("ticket", ticket_id, by=by)
    others = Checklist.objects.filter(tenant_id=by.tenant_id, ticket_id=ticket_id)
    rank = between(others.aggregate(last=Max("rank"))["last"], None)
    return Checklist.objects.create(
        tenant_id=by.tenant_id, board_id=board.id, ticket_id=ticket_id, name=name, rank=rank
    )


def rename(checklist: Checklist, name: str, *, by: Member) -> None:
    lock_board_of("checklist", checklist.pk, by=by)
    Checklist.objects.filter(tenant_id=by.tenant_id, pk=checklist.pk).update(name=name)


def delete(checklist: Checklist, *, by: Member) -> None:
    lock_board_of("checklist", checklist.pk, by=by)
    Checklist.objects.filter(tenant_id=by.tenant_id, pk=checklist.pk).delete()


def add_item(checklist: Checklist, text: str, *, by: Member) -> ChecklistItem:
    board = lock_board_of("checklist", checklist.pk, by=by)
    others = ChecklistItem.objects.filter(tenant_id=by.tenant_id, checklist_id=checklist.pk)
    return ChecklistItem.objects.create(
        tenant_id=by.tenant_id,
        board_id=board.id,
        ticket_id=checklist.ticket_id,
        checklist_id=checklist.pk,
        text=text,
        rank=between(others.aggregate(last=Max("rank"))["last"], None),
    )


def change_item(item: ChecklistItem, changes: dict[str, Any], *, by: Member) -> None:
    """`changes` of text, is_done."""
    lock_board_of("checklistitem", item.pk, by=by)
    if changes:
        ChecklistItem.objects.filter(tenant_id=by.tenant_id, pk=item.pk).update(**changes)


def delete_item(item: ChecklistItem, *, by: Member) -> None:
    lock_board_of("checklistitem", item.pk, by=by)
    ChecklistItem.objects.filter(tenant_id=by.tenant_id, pk=item.pk).delete()
