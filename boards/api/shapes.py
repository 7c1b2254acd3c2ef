"""What the API answers. Each class is a schema of the OpenAPI document; the tests hold every answer against it."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, TypeVar

from ninja import Schema
from pydantic import ConfigDict, Field, create_model

from boards.api.schemas import Category, Colour, PriorityName

Shown = TypeVar("Shown", bound=Schema)
RoleName = Literal["OWNER", "ADMIN", "MEMBER", "VIEWER"]
Rank = Annotated[str, Field(description="Sorts by its bytes.")]
Version = Annotated[int, Field(ge=1, description="One more with every change.")]


class Shape(Schema):
    model_config = ConfigDict(extra="forbid")


class Page(Shape, Generic[Shown]):
    items: list[Shown]
    next: Annotated[str | None, Field(description="The `cursor` of the next page; null on the last one.")]


def page_of(shape: type[Shape]) -> type[Shape]:
    return create_model(f"{shape.__name__}Page", __base__=Page[shape])  # type: ignore[valid-type]


class Board(Shape):
    id: uuid.UUID
    key: Annotated[str, Field(description="What the board's tickets are called by: OPS in OPS-12.")]
    name: str
    description: str
    is_private: bool
    version: Annotated[int, Field(ge=0, description="One more with every change to anything on the board.")]
    archived_at: datetime | None
    created_at: datetime


class SnapshotColumn(Shape):
    id: uuid.UUID
    number: int
    name: str
    category: Category
    colour: Colour
    wip_limit: int | None
    rank: Rank


class Column(SnapshotColumn):
    board: uuid.UUID
    archived_at: datetime | None


class SnapshotLabel(Shape):
    id: uuid.UUID
    number: int
    name: str
    colour: Colour


class Label(SnapshotLabel):
    board: uuid.UUID


class Ticket(Shape):
    id: uuid.UUID
    key: str
    number: int
    board: uuid.UUID
    column: uuid.UUID
    title: str
    description: Annotated[str, Field(description="Markdown.")]
    labels: list[uuid.UUID]
    assignees: Annotated[list[uuid.UUID], Field(description="Ids of members.")]
    priority: PriorityName
    start_on: date | None
    due_on: date | None
    estimate: float | None
    version: Version
    rank: Rank
    comment_count: int
    attachment_count: int
    checklist_total: int
    checklist_done: int
    archived_at: datetime | None
    trashed_at: datetime | None
    created_at: datetime
    updated_at: datetime
    created_by: uuid.UUID | None


class EditedTicket(Ticket):
    merged: Annotated[bool, Field(description="Whether others had changed other fields since the version in If-Match.")]


class Comment(Shape):
    id: uuid.UUID
    ticket: uuid.UUID
    author: uuid.UUID | None
    body: Annotated[str, Field(description="Markdown.")]
    mentions: Annotated[list[uuid.UUID], Field(description="The members whose names follow an @.")]
    created_at: datetime
    edited_at: datetime | None


class ChecklistItem(Shape):
    id: uuid.UUID
    checklist: uuid.UUID
    text: str
    is_done: bool


class Checklist(Shape):
    id: uuid.UUID
    ticket: uuid.UUID
    name: str
    items: list[ChecklistItem]


class Attachment(Shape):
    id: uuid.UUID
    ticket: uuid.UUID
    name: str
    size: Annotated[int, Field(ge=0, description="Bytes.")]
    content_type: str
    is_link: bool
    url: Annotated[str, Field(description='Where a link leads; "" for a file.')]
    created_by: uuid.UUID | None
    created_at: datetime


class Member(Shape):
    id: uuid.UUID
    number: int
    name: str
    role: RoleName
    placeholder: Annotated[bool, Field(description="Brought by an import; nobody has been said to be this person yet.")]
    active: bool


class Entry(Shape):
    id: uuid.UUID
    at: datetime
    actor_type: str
    actor_id: str
    action: Literal["CREATE", "UPDATE", "DELETE"]
    resource: str
    resource_id: uuid.UUID
    changes: Annotated[dict[str, Any], Field(description="`before` and `after` of what was changed.")]
    reason: str
