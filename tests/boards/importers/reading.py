"""Reading an export into a draft, without a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from boards.importers import draft, sentences, trello
from boards.importers.source import opened
from boards.importers.tally import Refused, Tally
from boards.importers.trello.scratch import scratch_in

Read = tuple[draft.Draft, Tally]


@contextmanager
def reading(path: Path) -> Iterator[Read]:
    tally = Tally()
    with opened(path, limit=2**30) as source, scratch_in() as scratch:
        yield trello.read(source.documents, scratch, tally), tally


def refusal_of(path: Path) -> str:
    with pytest.raises(Refused) as refused, reading(path):
        pass
    assert sentences.refusal(refused.value.code, refused.value.values)
    return refused.value.code


def tickets(board: draft.Board) -> dict[str, draft.Ticket]:
    return {ticket.source_id: ticket for ticket in board.tickets}


def everything_in(read: draft.Draft) -> str:
    return repr(
        [
            [
                list(getattr(board, name))
                for name in board.__dataclass_fields__
                if not isinstance(getattr(board, name), str | bool)
            ]
            for board in read.boards
        ]
    )
