"""Making boards and changing them."""

import re
import uuid
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from boards.models import Board, BoardAccess
from boards.models.column import Category
from boards.models.palette import Colour
from boards.verbs import columns
from boards.verbs.locking import lock_board
from tenancy.errors import Invalid
from tenancy.identity import Member
from tenancy.models import Membership

STARTING_COLUMNS = (
    (Category.BACKLOG, Colour.GRAY),
    (Category.TODO, Colour.BLUE),
    (Category.IN_PROGRESS, Colour.ORANGE),
    (Category.DONE, Colour.GREEN),
)


def create(
    name: str, *, key: str = "", description: str = "", is_private: bool = False, with_columns: bool = True, by: Member
) -> Board:
    """Raises Invalid where the key is taken. A private board's maker is on its list."""
    board = Board(
        tenant_id=by.tenant_id,
        key=key or free_key(name, by.tenant_id),
        name=name,
        description=description,
        is_private=is_private,
        created_by_id=by.id,
    )
    with taken_key_is_refused(board.key):
        board.save(force_insert=True)
    if is_private:
        give_access(board.id, by.id, by=by)
    if with_columns:
        for category, colour in STARTING_COLUMNS:
            columns.create(board.id, str(category.label), category=category, colour=colour, by=by)
    return board


def change(board_id: uuid.UUID, changes: dict[str, Any], *, by: Member) -> None:
    """`changes` of name, key, description, is_private. Raises NotFound, Invalid."""
    lock_board(board_id, by=by)
    if not changes:
        return
    with taken_key_is_refused(changes.get("key", "")):
        Board.objects.filter(tenant_id=by.tenant_id, pk=board_id).update(**changes)


def put_away(board_id: uuid.UUID, where: str, *, by: Member) -> None:
    """`where` is "archived_at" or "trashed_at"."""
    lock_board(board_id, by=by)
    Board.objects.filter(tenant_id=by.tenant_id, pk=board_id, **{where: None}).update(**{where: timezone.now()})


def bring_back(board_id: uuid.UUID, where: str, *, by: Member) -> None:
    Board.objects.filter(tenant_id=by.tenant_id, pk=board_id).update(**{where: None})


def give_access(board_id: uuid.UUID, membership_id: uuid.UUID, *, by: Member) -> None:
    """Raises Invalid where the workspace has no such member."""
    if not Membership.objects.filter(tenant_id=by.tenant_id, pk=membership_id).exists():
        raise Invalid.field("member", _("This workspace has no such member."))
    BoardAccess.objects.get_or_create(tenant_id=by.tenant_id, board_id=board_id, membership_id=membership_id)


def withdraw_access(board_id: uuid.UUID, membership_id: uuid.UUID, *, by: Member) -> None:
    BoardAccess.objects.filter(tenant_id=by.tenant_id, board_id=board_id, membership_id=membership_id).delete()


def free_key(name: str, tenant_id: uuid.UUID) -> str:
    """A key from the name's letters ("Platform Ops" -> "PO" or "PLAT"), with a number where it is taken."""
    words = re.findall(r"[A-Za-z][A-Za-z0-9]*", name)
    initials = "".join(word[0] for word in words).upper()
    stem = initials[:4] if len(initials) >= 2 else (words[0][:4].upper() if words and len(words[0]) > 1 else "BRD")
    taken = set(Board.objects.filter(tenant_id=tenant_id, key__startswith=stem).values_list("key", flat=True))
    return next(key for key in (stem, *(f"{stem}{n}" for n in range(2, len(taken) + 3))) if key not in taken)


class taken_key_is_refused(transaction.Atomic):
    """A savepoint in which the unique key's refusal becomes the sentence for the field."""

    def __init__(self, key: str) -> None:
        super().__init__(using=None, savepoint=True, durable=False)
        self.key = key

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        super().__exit__(kind, error, trace)
        if isinstance(error, IntegrityError) and "boards_board_key_unique" in str(error):
            raise Invalid.field("key", _("Another board has the key %(key)s.") % {"key": self.key}) from error
