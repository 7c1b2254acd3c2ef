"""Where a board's rows go: what all parts of the writer share."""

import uuid
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.db.models import Model

from boards.importers.known import Kind, Known, Unknown
from boards.importers.source import Shelf
from boards.models import Board
from boards.models.importing import ImportedObject
from tenancy.ids import uuid7

T = TypeVar("T")

BATCH = 500


@dataclass(frozen=True, slots=True)
class Run:
    """What one run of an import carries along; `step` is told how many rows were written."""

    tenant_id: uuid.UUID
    import_id: uuid.UUID
    source: str
    by_id: uuid.UUID | None
    zone: ZoneInfo
    shelf: Shelf
    largest_file: int
    step: Callable[[int], None]

    def day(self, at: datetime | None) -> date | None:
        return at.astimezone(self.zone).date() if at else None


class Target:
    """One board of ours, new or there already, that takes what its namesake in the source has more."""

    def __init__(self, run: Run, scope: str, seen: Known) -> None:
        self.run = run
        self.scope = scope
        self.seen = seen
        self.is_new = isinstance(seen, Unknown)
        self.board_id = seen.board_id() or uuid7()
        self.common = {"tenant_id": run.tenant_id, "board_id": self.board_id}

    def make(self, model: type[Model], rows: list[Any]) -> None:
        model._default_manager.bulk_create(rows, batch_size=BATCH)

    def note(self, kind: str, pairs: Iterable[tuple[str, uuid.UUID | None]]) -> None:
        """Remembers what became of what."""
        scope = "" if kind == Kind.PERSON else self.scope
        common = {"tenant_id": self.run.tenant_id, "origin_id": self.run.import_id, "source": self.run.source}
        rows = [
            ImportedObject(**common, scope=scope, kind=kind, source_id=source_id, object_id=object_id)
            for source_id, object_id in pairs
        ]
        self.make(ImportedObject, rows)
        self.run.step(len(rows))

    @property
    def board(self) -> Any:
        return Board.objects.filter(tenant_id=self.run.tenant_id, pk=self.board_id)

    def take_numbers(self, counter: str, count: int) -> int:
        """Takes `count` numbers off one of the board's counters; returns the first."""
        board = self.board
        last: int = board.values_list(counter, flat=True).get()
        if count:
            board.update(**{counter: last + count})
        return last + 1

    def numbers_of(self, model: type[Model], ids: Iterable[uuid.UUID], **where: Any) -> dict[uuid.UUID, int]:
        rows = model._default_manager.filter(tenant_id=self.run.tenant_id, pk__in=list(ids), **where)
        return dict(rows.values_list("pk", "number"))


def batches(things: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    it = iter(things)
    while batch := list(islice(it, size)):
        yield batch
