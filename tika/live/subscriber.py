"""One open stream: what waits to be sent to it, within bounds."""

import asyncio
from collections import deque
from collections.abc import Callable
from uuid import UUID

from tenancy.identity import Credentials, Member

WAITING_BYTES = 1024 * 1024
WAITING_COUNT = 200


class Subscriber:
    """`since` is the version that the client has; None asks for nothing but what comes from now on.

    `abort` breaks the connection, whatever is still on its way.
    """

    def __init__(
        self,
        member: Member,
        who: Credentials,
        board_id: UUID,
        since: int | None,
        *,
        abort: Callable[[], None],
    ) -> None:
        self.member = member
        self.who = who
        self.board_id = board_id
        self.since = since
        self.held = False
        self.ended = False
        self.abort = abort
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._news = asyncio.Event()

    def offer(self, message: bytes) -> None:
        """A reader who falls behind is dropped: it comes back and asks for what it missed in one piece."""
        if self.ended:
            return
        full = self._bytes + len(message) > WAITING_BYTES or len(self._waiting) >= WAITING_COUNT
        if self._waiting and full:
            self.end()
            self.abort()
            return
        self._put(message)

    def hold(self) -> None:
        """Nothing more is sent until `release`: whether the reader still may see the board is being asked."""
        self.held = True

    def release(self) -> None:
        self.held = False
        self._news.set()

    def end(self, last: bytes = b"") -> None:
        """Forgets what waits, sends `last` and closes."""
        if self.ended:
            return
        self.ended = True
        self._waiting.clear()
        self._bytes = 0
        self.held = False
        self._put(last)

    async def next(self) -> bytes | None:
        """What to send now; None when it is over."""
        while self.held or not self._waiting:
            if self.ended:
                return None
            self._news.clear()
            await self._news.wait()
        message = self._waiting.popleft()
        self._bytes -= len(message)
        return message

    def _put(self, message: bytes) -> None:
        if message:
            self._waiting.append(message)
            self._bytes += len(message)
        self._news.set()
