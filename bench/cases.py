"""What is measured: the requests of each operation."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from uuid import UUID

from bench.load import cycle_of
from bench.people import Caller
from bench.seed import Board, Workspace
from bench.words import Writer

GZIP = "Accept-Encoding: gzip, deflate\r\n"
FLOOR = b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
# Common and rare words, inside words too, in both languages.
QUERIES = (
    "결제",
    "결제창",
    "checkout timeout",
    "safari",
    "권한설정",
    "중복",
    "PAY-17",
    "deadlock",
    "notification drift",
    "배송조회 누락",
    "node42",
    "시간초과",
    "under load",
    "3539호",
    "소수점오차",
    "inventory race",
)


@dataclass(frozen=True)
class Case:
    """`changing` says that each request asks for a board that has just changed."""

    name: str
    title: str
    requests: Callable[[Caller], Iterator[bytes | None]]
    wanted: int = 200
    changing: bool = False
    writes: bool = False


class Cases:
    def __init__(self, space: Workspace, versions: Callable[[], dict[UUID, int]]) -> None:
        self.space = space
        self.versions = versions
        self.boards = space.usual
        self.random = random.Random(7)
        self.writer = Writer(4711)

    def all(self) -> list[Case]:
        return [
            Case("snapshot_changed", "snapshot after a change", lambda caller: iter(()), changing=True),
            Case("snapshot_unchanged", "snapshot unchanged", self.snapshots),
            Case("not_modified", "snapshot, 304", self.conditional, wanted=304),
            Case("one_ticket", "one ticket", self.one_ticket),
            Case("search", "search", self.search),
            Case("changes_since", "changes since 5 versions", self.changes),
            Case("move", "move", self.move, writes=True),
            Case("move_one_board", "move, all on one board", self.move_on_one, writes=True),
            Case("create", "create", self.create, wanted=201, writes=True),
        ]

    def snapshot_of(self, board: Board, caller: Caller, more: str = GZIP) -> bytes:
        return caller.request("GET", f"boards/{board.id}/snapshot", more=more)

    def snapshots(self, caller: Caller) -> Iterator[bytes]:
        return cycle([self.snapshot_of(board, caller) for board in self.boards])

    def conditional(self, caller: Caller) -> Iterator[bytes]:
        known = self.versions()
        etag = 'If-None-Match: "{}"\r\n'.format
        return cycle([self.snapshot_of(board, caller, GZIP + etag(known[board.id])) for board in self.boards])

    def changes(self, caller: Caller) -> Iterator[bytes]:
        known = self.versions()
        since = [(board.id, known[board.id] - 5) for board in self.boards]
        return cycle([caller.request("GET", f"boards/{board}/changes?since={at}", more=GZIP) for board, at in since])

    def one_ticket(self, caller: Caller) -> Iterator[bytes]:
        ids = [ticket for board in self.space.boards for ticket in board.tickets]
        return cycle_of(lambda: caller.request("GET", f"tickets/{self.random.choice(ids)}", more=GZIP))

    def search(self, caller: Caller) -> Iterator[bytes]:
        from urllib.parse import quote

        return cycle([caller.request("GET", f"search?q={quote(query)}", more=GZIP) for query in QUERIES])

    def create(self, caller: Caller) -> Iterator[bytes]:
        def make() -> bytes:
            board = self.random.choice(self.boards)
            body = {"column": str(self.random.choice(board.columns)), "title": self.writer.title()}
            return caller.request("POST", "tickets", json.dumps(body).encode(), GZIP)

        return cycle_of(make)

    def move(self, caller: Caller) -> Iterator[bytes]:
        return cycle_of(lambda: self.one_move(self.random.choice(self.boards), caller))

    def move_on_one(self, caller: Caller) -> Iterator[bytes]:
        return cycle_of(lambda: self.one_move(self.boards[0], caller))

    def one_move(self, board: Board, caller: Caller) -> bytes:
        """To a random place of a random column: every tenth ticket stays where it was seeded, as the anchor."""
        target = self.random.randrange(len(board.columns))
        each = len(board.tickets) // len(board.columns)
        anchor = board.tickets[target * each + self.random.randrange(each // 10) * 10]
        at = self.random.randrange(len(board.tickets))
        ticket = board.tickets[at + 1 if at % 10 == 0 else at]
        body = {"column": str(board.columns[target]), "after": str(anchor)}
        return caller.request("PUT", f"tickets/{ticket}/position", json.dumps(body).encode(), GZIP)
