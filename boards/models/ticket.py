"""A ticket, its labels and its assignees."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from boards.models.board import Board, BoardModel
from boards.models.column import Column
from boards.models.label import Label
from tenancy.base import Logged
from tenancy.fields import TenantForeignKey
from tenancy.identity import Member


class Priority(models.IntegerChoices):
    NONE = 0, _("No priority")
    LOW = 1, _("Low")
    MEDIUM = 2, _("Medium")
    HIGH = 3, _("High")
    URGENT = 4, _("Urgent")


class TicketQuerySet(models.QuerySet["Ticket"]):
    def visible_to(self, member: Member) -> Self:
        boards = Board.objects.visible_to(member)
        return self.filter(tenant_id=member.tenant_id, board_id__in=boards.values("id"))

    def with_key(self) -> Self:
        key = Board.objects.filter(tenant_id=OuterRef("tenant_id"), pk=OuterRef("board_id")).values("key")
        return self.annotate(board_key=Subquery(key))


class Ticket(BoardModel):
    """`label_numbers`, `assignee_numbers` and the counts repeat other tables, so that a board is read from one; the
    database's triggers keep them. `version` counts the changes of what a person can edit."""

    TITLE_MAX = 255
    DERIVED = ("comment_count", "attachment_count", "checklist_total", "checklist_done", "updated_at")

    column = TenantForeignKey(Column, at_delete="RESTRICT", indexed=False, related_name="+")
    number = models.IntegerField()
    title = models.CharField(max_length=TITLE_MAX)
    description = models.TextField(blank=True, default="", db_default="")
    priority = models.SmallIntegerField(choices=Priority, default=Priority.NONE, db_default=Priority.NONE)
    start_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    estimate = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    rank = models.CharField(max_length=200, db_collation="C")
    version = models.IntegerField(default=1, db_default=1)
    label_numbers = ArrayField(models.IntegerField(), default=list, db_default=[])
    assignee_numbers = ArrayField(models.IntegerField(), default=list, db_default=[])
    comment_count = models.IntegerField(default=0, db_default=0)
    attachment_count = models.IntegerField(default=0, db_default=0)
    checklist_total = models.IntegerField(default=0, db_default=0)
    checklist_done = models.IntegerField(default=0, db_default=0)
    archived_at = models.DateTimeField(null=True)
    trashed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    created_by = TenantForeignKey("tenancy.Membership", at_delete="SET NULL", null=True, related_name="+")

    objects = TicketQuerySet.as_manager()
    logged = Logged(hidden=DERIVED)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "board", "number"], name="boards_ticket_number"),
            models.UniqueConstraint(
                fields=["tenant", "column", "rank"], name="boards_ticket_rank", deferrable=models.Deferrable.IMMEDIATE
            ),
        ]

    def __str__(self) -> str:
        return self.title


class TicketLabel(BoardModel):
    ticket = TenantForeignKey(Ticket, indexed=False, related_name="+")
    label = TenantForeignKey(Label, related_name="+")

    logged = None  # the ticket's own entry shows its labels

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "ticket", "label"], name="boards_ticketlabel_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.label_id}"


class TicketAssignee(BoardModel):
    ticket = TenantForeignKey(Ticket, indexed=False, related_name="+")
    membership = TenantForeignKey("tenancy.Membership", related_name="+")

    logged = None  # the ticket's own entry shows its assignees

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "ticket", "membership"], name="boards_ticketassignee_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.membership_id}"
