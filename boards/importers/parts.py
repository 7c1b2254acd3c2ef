"""What hangs on tickets: checklists and their items, comments, attachments, and moves as history."""

import json
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from boards.importers import draft
from boards.importers.files import stored
from boards.importers.frame import Frame
from boards.importers.known import Kind, fresh
from boards.importers.target import Target, batches
from boards.models import Attachment, Checklist, ChecklistItem, Comment
from boards.rank import between

Ids = dict[str, uuid.UUID]

RECORD_SQL = "SELECT audit_record_imported(%s::jsonb)"


def write_parts(target: Target, board: draft.Board, frame: Frame, tickets: Ids) -> None:
    """What belongs to a ticket that was removed here is passed over."""
    checklists = _checklists(target, board, tickets)
    _items(target, board, tickets, checklists)
    _attachments(target, board, tickets, frame.people)
    # Last, since each of these has the search index read the whole ticket again, and most of it are comments.
    _comments(target, board, tickets, frame.people)
    _moves(target, board, tickets, frame)


def _new(target: Target, kind: str, things: Iterable[Any], tickets: Ids) -> Iterator[Any]:
    return (thing for thing in fresh(things, target.seen.ids(kind)) if thing.ticket in tickets)


def _write(target: Target, kind: str, model: Any, pairs: Iterable[tuple[str, Any]]) -> Ids:
    """Writes (source id, row) pairs batch by batch; returns the rows' ids."""
    made: Ids = {}
    for batch in batches(pairs):
        target.make(model, [row for _, row in batch])
        ids = {source_id: row.pk for source_id, row in batch}
        target.note(kind, ids.items())
        made.update(ids)
    return made


def _checklists(target: Target, board: draft.Board, tickets: Ids) -> Ids:
    last = dict(Checklist.objects.filter(**target.common).values_list("ticket_id").annotate(Max("rank")))

    def rows() -> Iterator[tuple[str, Checklist]]:
        for checklist in _new(target, Kind.CHECKLIST, board.checklists, tickets):
            ticket = tickets[checklist.ticket]
            rank = last[ticket] = between(last.get(ticket), None)
            yield checklist.source_id, Checklist(**target.common, ticket_id=ticket, name=checklist.name, rank=rank)

    return target.seen.alive(Kind.CHECKLIST) | _write(target, Kind.CHECKLIST, Checklist, rows())


def _items(target: Target, board: draft.Board, tickets: Ids, checklists: Ids) -> None:
    last = dict(ChecklistItem.objects.filter(**target.common).values_list("checklist_id").annotate(Max("rank")))

    def rows() -> Iterator[tuple[str, ChecklistItem]]:
        for item in _new(target, Kind.ITEM, board.items, tickets):
            if (checklist := checklists.get(item.checklist)) is None:
                continue
            rank = last[checklist] = between(last.get(checklist), None)
            yield (
                item.source_id,
                ChecklistItem(
                    **target.common,
                    ticket_id=tickets[item.ticket],
                    checklist_id=checklist,
                    text=item.text,
                    is_done=item.is_done,
                    rank=rank,
                ),
            )

    _write(target, Kind.ITEM, ChecklistItem, rows())


def _comments(target: Target, board: draft.Board, tickets: Ids, people: Ids) -> None:
    rows = (
        (
            comment.source_id,
            Comment(
                **target.common,
                ticket_id=tickets[comment.ticket],
                author_id=people.get(comment.author or ""),
                body=comment.body,
                created_at=comment.created_at,
                edited_at=comment.edited_at,
            ),
        )
        for comment in _new(target, Kind.COMMENT, board.comments, tickets)
    )
    _write(target, Kind.COMMENT, Comment, rows)


def _attachments(target: Target, board: draft.Board, tickets: Ids, people: Ids) -> None:
    rows = (
        (
            attachment.source_id,
            Attachment(
                **target.common,
                ticket_id=tickets[attachment.ticket],
                created_at=attachment.created_at,
                created_by_id=people.get(attachment.created_by or ""),
                **stored(target.run, attachment),
            ),
        )
        for attachment in _new(target, Kind.ATTACHMENT, board.attachments, tickets)
    )
    _write(target, Kind.ATTACHMENT, Attachment, rows)


def _moves(target: Target, board: draft.Board, tickets: Ids, frame: Frame) -> None:
    """Into the log, with their own dates and the people who made them."""
    now = timezone.now()
    for batch in batches(_new(target, Kind.MOVE, board.moves, tickets)):
        entries = [
            {
                "at": min(move.at, now).isoformat(),
                "actor_id": str(frame.people.get(move.by or "", "")),
                "action": "UPDATE",
                "resource": "ticket",
                "resource_id": str(tickets[move.ticket]),
                "subject_id": str(tickets[move.ticket]),
                "board_id": str(target.board_id),
                "changes": {
                    "before": {"column_id": _text(frame.columns.get(move.before or ""))},
                    "after": {"column_id": _text(frame.columns.get(move.after or ""))},
                },
            }
            for move in batch
        ]
        with connection.cursor() as cursor:
            cursor.execute(RECORD_SQL, [json.dumps(entries)])
        target.note(Kind.MOVE, [(move.source_id, None) for move in batch])


def _text(found: uuid.UUID | None) -> str | None:
    return str(found) if found else None
