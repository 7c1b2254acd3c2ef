"""Changes each board before it is read, so that no answer can come from a cache."""

import re
from collections import deque
from collections.abc import Iterator
from uuid import UUID

import psycopg
from psycopg import pq

from bench.load import ETAG, Answer, Idle

BOARD = re.compile(rb"/boards/([0-9a-f-]{36})/")
# All that are due go in one statement: what is measured is the reading. It is not committed to disk for the same reason.
CHANGE_SQL = b"UPDATE boards_board SET version = version + 1 WHERE id = ANY ($1::uuid[])"


class Changer(Idle):
    """Gives out requests for boards that have changed since they were last asked for.

    An answer counts only when its ETag is new: whoever else had that version would have had it from here.
    """

    def __init__(self, url: str, requests: dict[UUID, bytes], *, ahead: int = 2) -> None:
        self.connection = psycopg.connect(url, autocommit=True)
        self.connection.execute("SET synchronous_commit = off")
        # Without the log's trigger: pgbench beside it reads boards that nobody changes.
        self.connection.execute("SET session_replication_role = replica")
        self.wire = self.connection.pgconn
        self.wire.nonblocking = 1
        self.descriptor = self.wire.socket
        self.requests = requests
        self.due = deque([board for _ in range(ahead) for board in requests])
        self.changing: list[UUID] = []
        self.changed: deque[UUID] = deque()
        self.seen: set[tuple[bytes, bytes]] = set()
        self.stale = 0
        self.send()

    def __iter__(self) -> Iterator[bytes | None]:
        return self

    def __next__(self) -> bytes | None:
        if not self.changed:
            return None
        return self.requests[self.changed.popleft()]

    def counts(self, answer: Answer, asked: bytes) -> bool:
        board, etag = BOARD.search(asked), ETAG.search(answer.head)
        assert board is not None
        self.due.append(UUID(board[1].decode()))
        self.send()
        version = (board[1], etag[1] if etag else b"")
        if etag and version in self.seen:
            self.stale += 1
            return False
        self.seen.add(version)
        return True

    def send(self) -> None:
        if self.changing or not self.due:
            return
        # The same board twice in one statement would change once.
        self.changing = list(dict.fromkeys(self.due))
        for board in self.changing:
            self.due.remove(board)
        ids = "{" + ",".join(map(str, self.changing)) + "}"
        self.wire.send_query_params(CHANGE_SQL, [ids.encode()])
        self.wire.flush()

    def wake(self) -> None:
        self.wire.consume_input()
        while not self.wire.is_busy():
            result = self.wire.get_result()
            if result is None:
                self.changed.extend(self.changing)
                self.changing = []
                self.send()
                return
            if result.status != pq.ExecStatus.COMMAND_OK:
                raise SystemExit(f"The boards could not be changed: {result.error_message.decode()}")

    def close(self) -> None:
        self.connection.close()
