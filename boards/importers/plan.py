"""What an import would do, counted without writing anything."""

import uuid
from collections.abc import Iterable
from typing import Any

from boards.importers import draft
from boards.importers.known import Kind, Known, known
from boards.importers.report import Report
from boards.importers.source import Shelf
from boards.importers.tally import Tally


class Plan:
    """Adds up board by board; for each, `people` first and then `board`."""

    def __init__(self, tenant_id: uuid.UUID, source: str, tally: Tally, *, file: str) -> None:
        self.tenant_id = tenant_id
        self.tally = tally
        self.report = Report(source, file)
        self._people: set[str] = set()

    def people(self, board: draft.Board) -> None:
        """A person is the same on all boards."""
        seen = known(self.tenant_id, self.report.source, board.source_id).ids(Kind.PERSON)
        for person in board.people:
            if person.source_id not in self._people:
                self._people.add(person.source_id)
                name = "former_members" if person.is_former else "members"
                self._counter(person.source_id in seen)[name] += 1

    def board(self, board: draft.Board, shelf: Shelf, largest_file: int) -> None:
        seen = known(self.tenant_id, self.report.source, board.source_id)
        there = seen.board_id()
        is_new = there is None
        self.report.boards.append(
            {"source_id": board.source_id, "name": board.name, "is_new": is_new, "id": str(there) if there else None}
        )
        self._counter(not is_new)["boards"] += 1
        self.report.archived["boards"] += int(board.is_archived and is_new)
        self._columns_and_labels(seen, board)
        self._tickets(seen, board)
        self._files(seen, board, shelf, largest_file)

    def _counter(self, is_seen: bool) -> Any:
        return self.report.unchanged if is_seen else self.report.imported

    def _columns_and_labels(self, seen: Known, board: draft.Board) -> None:
        columns, labels = seen.ids(Kind.COLUMN), seen.ids(Kind.LABEL)
        for column in board.columns:
            self._counter(column.source_id in columns)["columns"] += 1
            self.report.archived["columns"] += int(column.archived_at is not None and column.source_id not in columns)
        for label in board.labels:
            self._counter(label.source_id in labels)["labels"] += 1

    def _tickets(self, seen: Known, board: draft.Board) -> None:
        ids = seen.ids(Kind.TICKET)
        gone = ids - set(seen.alive(Kind.TICKET))
        for ticket in board.tickets:
            is_seen = ticket.source_id in ids
            self._counter(is_seen)["tickets"] += 1
            self.report.archived["tickets"] += int(not is_seen and ticket.archived_at is not None)
        self._parts(seen, Kind.CHECKLIST, "checklists", board.checklists, gone)
        self._parts(seen, Kind.ITEM, "checklist_items", board.items, gone)
        self._parts(seen, Kind.COMMENT, "comments", board.comments, gone)
        self._parts(seen, Kind.ATTACHMENT, "attachments", board.attachments, gone)
        self._parts(seen, Kind.MOVE, "moves", board.moves, gone)

    def _parts(self, seen: Known, kind: str, name: str, things: Iterable[Any], gone: set[str]) -> None:
        """What hangs on a ticket that was removed here has no place any more."""
        ids = seen.ids(kind)
        lists_gone = seen.ids(Kind.CHECKLIST) - set(seen.alive(Kind.CHECKLIST)) if kind == Kind.ITEM else set()
        for thing in things:
            if thing.source_id in ids:
                self.report.unchanged[name] += 1
            elif thing.ticket in gone or (lists_gone and thing.checklist in lists_gone):
                self.tally.lose(name, "removed_here")
            else:
                self.report.imported[name] += 1

    def _files(self, seen: Known, board: draft.Board, shelf: Shelf, largest: int) -> None:
        ids = seen.ids(Kind.ATTACHMENT)
        for attachment in board.attachments:
            if attachment.is_upload and attachment.source_id not in ids:
                file = shelf.find(attachment.source_id, attachment.file_name)
                code = "upload_linked" if file is None else "file_too_large" if file.size > largest else ""
                self.tally.change("attachments", code, int(bool(code)))
