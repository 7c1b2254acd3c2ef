"""A board as plain data, whatever tool it comes from: what an importer yields and the writer takes.

Everything here already fits into Tika's fields (the limits below). What a ticket has hangs on it by `ticket`, the
ticket's id in its source, and comes as a stream of its own: a board's comments may be larger than the memory.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

NAME_MAX = 100
TITLE_MAX = 255
ITEM_MAX = 1000
COMMENT_MAX = 50_000


@dataclass(frozen=True, slots=True)
class Person:
    """`is_former` is for people who only appear in what they did: they have left the board in its source."""

    source_id: str
    name: str
    is_former: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    source_id: str
    name: str
    category: str = "todo"
    colour: str = "gray"
    wip_limit: int | None = None
    archived_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Label:
    source_id: str
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """`number` is what people call it in the source, kept where it is free here."""

    source_id: str
    column: str
    title: str
    description: str
    created_at: datetime
    updated_at: datetime
    number: int | None = None
    created_by: str | None = None
    start_at: datetime | None = None
    due_at: datetime | None = None
    archived_at: datetime | None = None
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checklist:
    source_id: str
    ticket: str
    name: str


@dataclass(frozen=True, slots=True)
class CheckItem:
    source_id: str
    ticket: str
    checklist: str
    text: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Comment:
    source_id: str
    ticket: str
    author: str | None
    body: str
    created_at: datetime
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """An upload's file may have come beside the export: it is found by the id, or by `file_name`, which is empty where
    several uploads share it. Where none came the link stays."""

    source_id: str
    ticket: str
    name: str
    url: str
    created_at: datetime
    created_by: str | None = None
    content_type: str = ""
    is_upload: bool = False
    file_name: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """The ticket went from a column to another; a column that is gone is None."""

    source_id: str
    ticket: str
    before: str | None
    after: str | None
    at: datetime
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """Tickets come in the order they were made; `order` gives ticket ids as they stand in the columns, top first."""

    source_id: str
    name: str
    description: str
    is_archived: bool
    columns: tuple[Column, ...]
    labels: tuple[Label, ...]
    people: tuple[Person, ...]
    tickets: Iterable[Ticket]
    order: Iterable[tuple[str, str]]
    checklists: Iterable[Checklist]
    items: Iterable[CheckItem]
    comments: Iterable[Comment]
    attachments: Iterable[Attachment]
    moves: Iterable[Move]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a file holds. `source` names the tool; the report says what of the file has no place in here."""

    source: str
    boards: tuple[Board, ...]
