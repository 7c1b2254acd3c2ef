"""Checklists of a ticket."""

from typing import ClassVar

from django.db import models

from boards.models.board import BoardModel
from boards.models.ticket import Ticket
from tenancy.base import Logged
from tenancy.fields import TenantForeignKey


class Checklist(BoardModel):
    ticket = TenantForeignKey(Ticket, related_name="checklists")
    name = models.CharField(max_length=255)
    rank = models.CharField(max_length=200, db_collation="C")
    created_at = models.DateTimeField(auto_now_add=True)

    logged = Logged(subject="ticket_id")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = []

    def __str__(self) -> str:
        return self.name


class ChecklistItem(BoardModel):
    ticket = TenantForeignKey(Ticket, related_name="+")
    checklist = TenantForeignKey(Checklist, related_name="items")
    text = models.CharField(max_length=1000)
    is_done = models.BooleanField(default=False, db_default=False)
    rank = models.CharField(max_length=200, db_collation="C")
    created_at = models.DateTimeField(auto_now_add=True)

    logged = Logged(resource="checklist_item", subject="ticket_id")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = []

    def __str__(self) -> str:
        return self.text
