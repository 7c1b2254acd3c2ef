"""A board, who may see it, and the version that orders all that happens on it."""

from typing import ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from tenancy.base import Logged, TenantModel
from tenancy.fields import TenantForeignKey
from tenancy.identity import Member

KEY = RegexValidator(r"^[A-Z][A-Z0-9]{1,9}$", _("Use two to ten capital letters or digits, beginning with a letter."))
SEES_ALL = ("OWNER", "ADMIN")


class BoardQuerySet(models.QuerySet["Board"]):
    def visible_to(self, member: Member) -> Self:
        """The boards this person may see: where every read begins."""
        mine = self.filter(tenant_id=member.tenant_id, trashed_at=None)
        if member.role in SEES_ALL:
            return mine
        listed = BoardAccess.objects.filter(
            tenant_id=member.tenant_id, board_id=OuterRef("pk"), membership_id=member.id
        )
        return mine.filter(Q(is_private=False) | Exists(listed))


class Board(TenantModel):
    """`version` goes up by one for each statement that changes the board or something on it; the log's trigger does
    that, under the row's lock, so versions are in commit order."""

    key = models.CharField(max_length=10, validators=[KEY])
    name = models.CharField(max_length=100)
    description = models.TextField(blank=True)
    is_private = models.BooleanField(default=False, db_default=False)
    version = models.BigIntegerField(default=0, db_default=0)
    people_version = models.BigIntegerField(default=0, db_default=0)  # the version at which a person last changed
    last_ticket_number = models.IntegerField(default=0, db_default=0)
    last_column_number = models.IntegerField(default=0, db_default=0)
    last_label_number = models.IntegerField(default=0, db_default=0)
    archived_at = models.DateTimeField(null=True)
    trashed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = TenantForeignKey("tenancy.Membership", at_delete="SET NULL", null=True, related_name="+")

    objects = BoardQuerySet.as_manager()
    logged = Logged(
        board="id",
        hidden=["version", "people_version", "last_ticket_number", "last_column_number", "last_label_number"],
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "key"], name="boards_board_key_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class BoardModel(TenantModel):
    """A row that lives on a board and cannot reach another board's rows."""

    board = TenantForeignKey(Board, related_name="+")

    class Meta:
        abstract = True


class BoardAccess(BoardModel):
    """A private board is seen by the people listed here, and by admins and owners."""

    membership = TenantForeignKey("tenancy.Membership", related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    logged = Logged(resource="board_access", subject="board_id")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "board", "membership"], name="boards_boardaccess_once"),
        ]

    def __str__(self) -> str:
        return f"{self.board_id} {self.membership_id}"
