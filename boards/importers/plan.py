"""What an import would do, counted without writing anything."""

import uuid
from collections.abc import Iterable
from typing import Any

from boards.importers import draft
from boards.importers.known import ATTACHMENT, CHECKLIST, COLUMN, COMMENT, ITEM, LABEL, MOVE, PERSON, TICKET, Known, known
from boards.importers.report import Report
from boards.importers.source import Shelf
from boards.importers.tally import Tally


def plan(the_draft: draft.Draft, tenant_id: uuid.UUID, tally: Tally, *, file: str, shelf: Shelf, most: int) -> Report:
    """`most` is the largest file an attachment may be."""
    report = Report(the_draft.source, file)
    people: set[str] = set()
    for board in the_draft.boards:
        _Count(report, known(tenant_id, the_draft.source, board.source_id), tally, people).board(board)
        _files(board, shelf, tally, most)
    return report


class _Count:
    def __init__(self, report: Report, seen: Known, tally: Tally, people: set[str]) -> None:
        self.report = report
        self.seen = seen
        self.tally = tally
        self.people = people

    def board(self, board: draft.Board) -> None:
        there = self.seen.board_id()
        self.report.boards.append(
            {"source_id": board.source_id, "name": board.name, "is_new": there is None, "id": str(there) if there else None}
        )
        (self.report.unchanged if there else self.report.imported)["boards"] += 1
        self.report.archived["boards"] += int(board.is_archived and not there)
        new = self._count(COLUMN, "columns", board.columns)
        self.report.archived["columns"] += sum(column.archived_at is not None for column in new)
        self._count(LABEL, "labels", board.labels)
        self._people(board.people)
        self._tickets(board)

    def _tickets(self, board: draft.Board) -> None:
        seen, alive = self.seen.ids(TICKET), set(self.seen.alive(TICKET))
        gone = seen - alive
        for ticket in board.tickets:
            is_new = ticket.source_id not in seen
            (self.report.imported if is_new else self.report.unchanged)["tickets"] += 1
            self.report.archived["tickets"] += int(is_new and ticket.archived_at is not None)
        self._parts(CHECKLIST, "checklists", board.checklists, gone)
        self._parts(ITEM, "checklist_items", board.items, gone)
        self._parts(COMMENT, "comments", board.comments, gone)
        self._parts(ATTACHMENT, "attachments", board.attachments, gone)
        self._parts(MOVE, "moves", board.moves, gone)

    def _count(self, kind: str, name: str, things: Iterable[Any]) -> list[Any]:
        seen = self.seen.ids(kind)
        new = [thing for thing in things if thing.source_id not in seen]
        self.report.imported[name] += len(new)
        self.report.unchanged[name] += sum(1 for _ in things) - len(new)
        return new

    def _people(self, people: Iterable[draft.Person]) -> None:
        """A person is the same on all boards."""
        seen = self.seen.ids(PERSON)
        for person in people:
            if person.source_id not in self.people:
                self.people.add(person.source_id)
                name = "former_members" if person.is_former else "members"
                (self.report.unchanged if person.source_id in seen else self.report.imported)[name] += 1

    def _parts(self, kind: str, name: str, things: Iterable[Any], gone: set[str]) -> None:
        """What hangs on a ticket that was removed here has no place any more."""
        seen = self.seen.ids(kind)
        lists_gone = self.seen.ids(CHECKLIST) - set(self.seen.alive(CHECKLIST)) if kind == ITEM else set()
        for thing in things:
            if thing.source_id in seen:
                self.report.unchanged[name] += 1
            elif thing.ticket in gone or (lists_gone and thing.checklist in lists_gone):
                self.tally.lose(name, "removed_here")
            else:
                self.report.imported[name] += 1


def _files(board: draft.Board, shelf: Shelf, tally: Tally, most: int) -> None:
    for attachment in board.attachments:
        if attachment.file_name:
            file = shelf.find(attachment.source_id, attachment.file_name)
            code = "upload_linked" if file is None else "file_too_large" if file.size > most else ""
            tally.change("attachments", code, int(bool(code)))
