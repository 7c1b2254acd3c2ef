"""The board itself, its columns and labels."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Max

from boards.importers import draft
from boards.importers.known import Kind, fresh
from boards.importers.target import Target
from boards.models import Board, Column, Label
from boards.rank import evenly
from boards.verbs.boards import free_key


@dataclass(frozen=True, slots=True)
class Frame:
    """Our ids by those of the source."""

    columns: dict[str, uuid.UUID]
    labels: dict[str, uuid.UUID]
    people: dict[str, uuid.UUID]


def write_frame(target: Target, board: draft.Board) -> Frame:
    if target.is_new:
        _make_board(target, board)
    else:
        target.board.select_for_update(no_key=True).get()
    return Frame(_columns(target, board), _labels(target, board), target.seen.alive(Kind.PERSON))


def _make_board(target: Target, board: draft.Board) -> None:
    Board.objects.create(
        id=target.board_id,
        tenant_id=target.run.tenant_id,
        key=free_key(board.name, target.run.tenant_id),
        name=board.name,
        description=board.description,
        archived_at=datetime.now(UTC) if board.is_archived else None,
        created_by_id=target.run.by_id,
    )
    target.note(Kind.BOARD, [(board.source_id, target.board_id)])


def _columns(target: Target, board: draft.Board) -> dict[str, uuid.UUID]:
    target.seen.forget_gone(Kind.COLUMN)
    there = target.seen.alive(Kind.COLUMN)
    new = list(fresh(board.columns, set(there)))
    ranks = evenly(len(new), after=Column.objects.filter(**target.common).aggregate(last=Max("rank"))["last"])
    first = target.take_numbers("last_column_number", len(new))
    rows = [
        Column(
            **target.common,
            number=first + place,
            name=column.name,
            category=column.category,
            colour=column.colour,
            wip_limit=column.wip_limit,
            rank=rank,
            archived_at=column.archived_at,
        )
        for place, (column, rank) in enumerate(zip(new, ranks, strict=True))
    ]
    target.make(Column, rows)
    made = {column.source_id: row.pk for column, row in zip(new, rows, strict=True)}
    target.note(Kind.COLUMN, made.items())
    return there | made


def _labels(target: Target, board: draft.Board) -> dict[str, uuid.UUID]:
    there = target.seen.alive(Kind.LABEL)
    new = list(fresh(board.labels, target.seen.ids(Kind.LABEL)))
    first = target.take_numbers("last_label_number", len(new))
    rows = [
        Label(**target.common, number=number, name=label.name, colour=label.colour)
        for number, label in enumerate(new, start=first)
    ]
    target.make(Label, rows)
    made = {label.source_id: row.pk for label, row in zip(new, rows, strict=True)}
    target.note(Kind.LABEL, made.items())
    return there | made
