"""What the API takes: typed at the edge, unknown fields refused by name."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints, model_validator

from boards.models import Comment, Ticket


def without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError(_("A null character cannot be stored. Remove it."))
    return text


def one_line(text: str) -> str:
    return " ".join(text.split())


Line = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(without_nul), AfterValidator(one_line)]
Text = Annotated[str, AfterValidator(without_nul)]
Title = Annotated[Line, Field(min_length=1, max_length=Ticket.TITLE_MAX)]
Name = Annotated[Line, Field(min_length=1, max_length=100)]
Description = Annotated[Text, Field(max_length=200_000)]
Reason = Annotated[Line, Field(max_length=500)]
Colour = Literal["gray", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"]
Category = Literal["backlog", "todo", "in_progress", "done"]
PriorityName = Literal["none", "low", "medium", "high", "urgent"]
Estimate = Annotated[Decimal, Field(ge=0, max_digits=7, decimal_places=2)]
WipLimit = Annotated[int, Field(ge=1, le=10_000)]
Ids = Annotated[list[uuid.UUID], Field(max_length=100)]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9]{1,9}$")]


class Payload(Schema):
    model_config = ConfigDict(extra="forbid")

    def given(self) -> dict[str, Any]:
        """Only what the caller sent: a field left out is not a field set to null."""
        return {name: getattr(self, name) for name in self.model_fields_set}


class Patch(Payload):
    """A field that may not be null is refused when it is sent as null."""

    @model_validator(mode="after")
    def no_nulls(self) -> "Patch":
        nullable: frozenset[str] = getattr(type(self), "NULLABLE", frozenset())
        for name in self.model_fields_set:
            if getattr(self, name) is None and name not in nullable:
                raise ValueError(_("%(field)s cannot be null.") % {"field": name})
        return self


class TicketIn(Payload):
    title: Title
    board: uuid.UUID | None = None
    column: uuid.UUID | None = None
    description: Description = ""
    priority: PriorityName = "none"
    start_on: date | None = None
    due_on: date | None = None
    estimate: Estimate | None = None
    labels: Ids = []
    assignees: Ids = []
    after: uuid.UUID | None = None
    before: uuid.UUID | None = None
    override_reason: Reason = ""

    @model_validator(mode="after")
    def somewhere(self) -> "TicketIn":
        if self.board is None and self.column is None:
            raise ValueError(_("Name the board or the column the ticket goes to."))
        return self


class TicketPatch(Patch):
    NULLABLE: ClassVar = frozenset({"start_on", "due_on", "estimate"})
    title: Title | None = None
    description: Description | None = None
    priority: PriorityName | None = None
    start_on: date | None = None
    due_on: date | None = None
    estimate: Estimate | None = None
    labels: Ids | None = None
    assignees: Ids | None = None


class PositionIn(Payload):
    column: uuid.UUID
    after: uuid.UUID | None = None
    before: uuid.UUID | None = None
    override_reason: Reason = ""


class RestoreIn(Payload):
    override_reason: Reason = ""


class BoardIn(Payload):
    name: Name
    key: Key | None = None
    description: Description = ""
    is_private: bool = False


class BoardPatch(Patch):
    name: Name | None = None
    key: Key | None = None
    description: Description | None = None
    is_private: bool | None = None
    archived: bool | None = None


class MemberPatch(Patch):
    name: Name | None = None
    role: Literal["OWNER", "ADMIN", "MEMBER", "VIEWER"] | None = None
    active: bool | None = None


class AccessIn(Payload):
    member: uuid.UUID


class ColumnIn(Payload):
    board: uuid.UUID
    name: Name
    category: Category = "todo"
    colour: Colour = "gray"
    wip_limit: WipLimit | None = None


class ColumnPatch(Patch):
    NULLABLE: ClassVar = frozenset({"wip_limit"})
    name: Name | None = None
    category: Category | None = None
    colour: Colour | None = None
    wip_limit: WipLimit | None = None
    archived: bool | None = None


class ColumnPosition(Payload):
    after: uuid.UUID | None = None
    before: uuid.UUID | None = None


class LabelIn(Payload):
    board: uuid.UUID
    name: Annotated[Line, Field(max_length=100)] = ""
    colour: Colour = "gray"


class LabelPatch(Patch):
    name: Annotated[Line, Field(max_length=100)] | None = None
    colour: Colour | None = None


class CommentIn(Payload):
    body: Annotated[Text, Field(min_length=1, max_length=Comment.BODY_MAX)]


class ChecklistIn(Payload):
    name: Annotated[Line, Field(min_length=1, max_length=255)]


class ItemIn(Payload):
    text: Annotated[Line, Field(min_length=1, max_length=1000)]


class ItemPatch(Patch):
    text: Annotated[Line, Field(min_length=1, max_length=1000)] | None = None
    is_done: bool | None = None
