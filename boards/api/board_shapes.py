"""What the API answers about a whole board, about a search, and about itself."""

import uuid
from typing import Annotated, Any, Literal

from pydantic import Field

from boards.api.shapes import Member, Shape, SnapshotColumn, SnapshotLabel

Row = Annotated[list[Any], Field(description="A ticket: its values in the order of `fields`.")]


class SnapshotBoard(Shape):
    id: uuid.UUID
    key: str
    name: str
    description: str
    is_private: bool
    archived: bool


class Snapshot(Shape):
    """Tickets name their column, labels and people by `number`, and their priority from 0 (none) to 4 (urgent)."""

    version: Annotated[int, Field(description="Ask /changes for what happened `since`.")]
    board: SnapshotBoard
    columns: list[SnapshotColumn]
    labels: list[SnapshotLabel]
    people: list[Member]
    fields: list[str]
    tickets: list[Row]


class Actor(Shape):
    type: str
    id: str


class ChangeEntry(Shape):
    version: int
    actor: Actor
    action: Literal["CREATE", "UPDATE", "DELETE"]
    resource: str
    id: uuid.UUID
    ticket: uuid.UUID | None
    fields: list[str]


class Changes(Shape):
    """The present state of what was touched; a part that was not is null."""

    version: int
    since: int
    board: SnapshotBoard | None
    columns: list[SnapshotColumn] | None
    labels: list[SnapshotLabel] | None
    people: list[Member] | None
    fields: list[str]
    tickets: list[Row]
    removed: Annotated[list[uuid.UUID], Field(description="Tickets that are no longer on the board.")]
    entries: Annotated[list[ChangeEntry], Field(description="What was done, the latest first; 50 at most.")]


class Resync(Shape):
    """Where so much happened that the whole board is shorter."""

    version: int
    snapshot: Snapshot


class HitBoard(Shape):
    id: uuid.UUID
    key: str
    name: str


class HitColumn(Shape):
    id: uuid.UUID
    name: str


class HitTicket(Shape):
    id: uuid.UUID
    key: str
    number: int
    title: str
    board: HitBoard
    column: HitColumn
    archived: bool


class Hit(Shape):
    ticket: HitTicket
    found_in: Annotated[
        Literal["title", "description", "comment", "checklist", "attachment"], Field(serialization_alias="in")
    ]
    highlight: Annotated[
        list[tuple[str, bool]], Field(description="The passage in pieces; true where a piece is what was looked for.")
    ]


class SearchPage(Shape):
    items: list[Hit]
    next: Annotated[int | None, Field(description="The `offset` of the next page; null on the last one.")]


class Checks(Shape):
    database: bool
    isolation: bool
    migrations: bool
    queue: bool


class Health(Shape):
    status: Literal["ok", "unavailable"]
    checks: Checks
    version: str


class ErrorBody(Shape):
    code: str
    message: Annotated[str, Field(description="A sentence in the reader's language.")]
    details: Annotated[
        list[Any] | dict[str, Any], Field(description="[{field, message}], or what `code` says: 409 has the texts.")
    ]
    request_id: str


class Error(Shape):
    error: ErrorBody
