"""What people say on a ticket, and whom they name."""

from typing import ClassVar

from django.db import models

from boards.models.board import BoardModel
from boards.models.ticket import Ticket
from tenancy.base import Logged
from tenancy.fields import TenantForeignKey


class Comment(BoardModel):
    BODY_MAX = 50_000

    ticket = TenantForeignKey(Ticket, indexed=False, related_name="comments")
    author = TenantForeignKey("tenancy.Membership", at_delete="SET NULL", null=True, related_name="+")
    body = models.TextField()
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)

    logged = Logged(subject="ticket_id")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = []
        indexes: ClassVar = [
            models.Index(fields=["tenant", "ticket", "created_at", "id"], name="boards_comment_thread"),
        ]

    def __str__(self) -> str:
        return self.body[:50]


class Mention(BoardModel):
    comment = TenantForeignKey(Comment, indexed=False, related_name="mentions")
    membership = TenantForeignKey("tenancy.Membership", related_name="+")

    logged = None  # stands in the comment's text

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "comment", "membership"], name="boards_mention_once"),
        ]

    def __str__(self) -> str:
        return f"{self.comment_id} {self.membership_id}"
