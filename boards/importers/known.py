"""What earlier imports have brought already."""

import uuid
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any, TypeVar

from django.db.models import OuterRef, Subquery

from boards.models import Attachment, Board, Checklist, ChecklistItem, Column, Comment, Label, Ticket
from boards.models.importing import ImportedObject
from tenancy.models import Membership

T = TypeVar("T")


class Kind(StrEnum):
    """What is remembered of an import."""

    BOARD = "board"
    COLUMN = "column"
    LABEL = "label"
    PERSON = "person"
    CLAIMED = "claimed"  # a placeholder whose person is known by now
    TICKET = "ticket"
    CHECKLIST = "checklist"
    ITEM = "item"
    COMMENT = "comment"
    ATTACHMENT = "attachment"
    MOVE = "move"


MODELS: dict[str, Any] = {
    Kind.BOARD: Board,
    Kind.COLUMN: Column,
    Kind.LABEL: Label,
    Kind.PERSON: Membership,
    Kind.TICKET: Ticket,
    Kind.CHECKLIST: Checklist,
    Kind.ITEM: ChecklistItem,
    Kind.COMMENT: Comment,
    Kind.ATTACHMENT: Attachment,
}
# Without these nothing could be put in its place, so they are made again when somebody has removed them here.
MADE_AGAIN = frozenset({Kind.COLUMN, Kind.PERSON})


class Known:
    """The objects of one board of a source, by their id there."""

    def __init__(self, tenant_id: uuid.UUID, source: str, scope: str) -> None:
        self.tenant_id = tenant_id
        self.source = source
        self.scope = scope

    def rows(self, kind: str) -> Any:
        scope = "" if kind == Kind.PERSON else self.scope
        return ImportedObject.objects.filter(tenant_id=self.tenant_id, source=self.source, scope=scope, kind=kind)

    def ids(self, kind: str) -> set[str]:
        """The source's ids that are not to be imported again."""
        if kind in MADE_AGAIN:
            return set(self.alive(kind))
        return set(self.rows(kind).values_list("source_id", flat=True).iterator())

    def alive(self, kind: str) -> dict[str, uuid.UUID]:
        """{source id: our id} of what is still there."""
        row = MODELS[kind].objects.filter(tenant_id=OuterRef("tenant_id"), pk=OuterRef("object_id"))
        if kind == Kind.BOARD:
            row = row.filter(trashed_at=None)
        # A look-up by key for each, said so: what was written a moment ago is not in the planner's statistics.
        found = self.rows(kind).annotate(there=Subquery(row.values("pk")[:1])).exclude(there=None)
        return dict(found.values_list("source_id", "object_id").iterator())

    def board_id(self) -> uuid.UUID | None:
        """None also when the board was removed here: then nothing of it is known any more."""
        return self.alive(Kind.BOARD).get(self.scope)

    def forget_gone(self, kind: str) -> None:
        self.rows(kind).exclude(source_id__in=list(self.alive(kind))).delete()

    def forget_board(self) -> None:
        ImportedObject.objects.filter(tenant_id=self.tenant_id, source=self.source, scope=self.scope).delete()


class Unknown(Known):
    """A board that was never imported, or is no longer there; its people may be known."""

    def rows(self, kind: str) -> Any:
        return super().rows(kind) if kind == Kind.PERSON else ImportedObject.objects.none()


def known(tenant_id: uuid.UUID, source: str, scope: str) -> Known:
    found = Known(tenant_id, source, scope)
    return found if found.board_id() else Unknown(tenant_id, source, scope)


def fresh(things: Iterable[T], seen: set[str]) -> Iterator[T]:
    return (thing for thing in things if thing.source_id not in seen)  # type: ignore[attr-defined]
