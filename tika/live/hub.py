"""Which streams are open, and whom a notice concerns."""

import asyncio
import random
import uuid
from collections import Counter
from datetime import UTC, datetime

import structlog

from tenancy.errors import RateLimited, Unavailable
from tika.live.database import Database
from tika.live.doubts import Doubts
from tika.live.ending import end
from tika.live.feed import Feed
from tika.live.listener import listen
from tika.live.presence import CHANNEL, Presence
from tika.live.subscriber import Subscriber

log = structlog.get_logger("tika.live")
STREAMS = 10_000
STREAMS_PER_PERSON = 2_000
# Changes of rights are announced; this is for what nobody announces, such as a session whose time is over.
RECHECK_SECONDS = 300.0


class Hub:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.presence = Presence(database, changed=self._poke)
        self.doubts = Doubts(database, confirmed=self._expect_expiry)
        self.feeds: dict[uuid.UUID, Feed] = {}
        self.closing = False
        # How many changes of rights were heard: who was admitted before the last of them is asked about again.
        self.rights = 0
        self._timers: dict[Subscriber, asyncio.TimerHandle] = {}
        self._streams_of: Counter[uuid.UUID] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self, conninfo: str) -> None:
        channels = {
            "tika_board": self._hear_board,
            "tika_access": self._hear_access,
            CHANNEL: self.presence.hear,
        }
        parts = [
            asyncio.create_task(listen(conninfo, channels, on_connect=self._catch_up)),
            asyncio.create_task(self.doubts.run()),
            asyncio.create_task(self.presence.run()),
        ]
        try:
            # None of them ends but by a fault, which ends all.
            await next(asyncio.as_completed(parts))
        finally:
            await end(parts)

    def join(self, subscriber: Subscriber, *, rights: int) -> None:
        """`rights` is what it was before the subscriber was admitted. Raises Refusal."""
        member, board_id = subscriber.member, subscriber.board_id
        if self.closing or len(self._timers) >= STREAMS:
            raise Unavailable
        if self._streams_of[member.id] >= STREAMS_PER_PERSON:
            raise RateLimited
        self._streams_of[member.id] += 1
        self._expect_expiry(subscriber)
        if rights != self.rights:
            self.doubts.add([subscriber])
        feed = self.feeds.get(board_id) or self._open(member.tenant_id, board_id)
        feed.join(subscriber)
        self.presence.arrive(board_id, member.id)

    def leave(self, subscriber: Subscriber) -> None:
        member_id, board_id = subscriber.member.id, subscriber.board_id
        self._timers.pop(subscriber).cancel()
        self.doubts.drop(subscriber)
        self._streams_of[member_id] -= 1
        if not self._streams_of[member_id]:
            del self._streams_of[member_id]
        feed = self.feeds[board_id]
        feed.leave(subscriber)
        if not feed.subscribers:
            del self.feeds[board_id]
        self.presence.depart(board_id, member_id)

    @property
    def streams(self) -> int:
        return len(self._timers)

    def close(self) -> None:
        self.closing = True
        for subscriber in self._timers:
            subscriber.end()

    def _open(self, tenant_id: uuid.UUID, board_id: uuid.UUID) -> Feed:
        feed = Feed(tenant_id, board_id, database=self.database, present=self.presence.people)
        self.feeds[board_id] = feed
        task = asyncio.get_running_loop().create_task(feed.run())
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._closed(feed, done))
        return feed

    def _closed(self, feed: Feed, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            # A fault of ours ends this board's streams, whose clients come back, and no other's.
            log.error("feed failed", board=str(feed.board_id), exc_info=error)
            feed.end()

    def _poke(self, board_id: uuid.UUID) -> None:
        if feed := self.feeds.get(board_id):
            feed.poke()

    def _hear_board(self, notice: str) -> None:
        """tenant/board/version"""
        self._poke(uuid.UUID(notice.split("/")[1]))

    def _hear_access(self, notice: str) -> None:
        """tenant/board, tenant//membership or user/user"""
        self.rights += 1
        match notice.split("/"):
            case ["user", user]:
                self.doubts.add([s for s in self._timers if str(s.member.user_id) == user])
            case [_, "", member]:
                self.doubts.add([s for s in self._timers if str(s.member.id) == member])
            case [_, board]:
                feed = self.feeds.get(uuid.UUID(board))
                self.doubts.add(feed.subscribers if feed else ())

    def _catch_up(self) -> None:
        """What was announced while nobody listened was not heard."""
        self.rights += 1
        self.doubts.add(self._timers)
        for feed in self.feeds.values():
            feed.poke()
        self.presence.greet()

    def _expect_expiry(self, subscriber: Subscriber) -> None:
        if timer := self._timers.get(subscriber):
            timer.cancel()
        seconds = RECHECK_SECONDS * random.uniform(0.8, 1.2)  # noqa: S311 - spreads the load, guards nothing
        if expires := subscriber.member.token_expires_at:
            # The database's clock decides; where it is behind ours, it is asked once a second.
            seconds = min(seconds, max((expires - datetime.now(UTC)).total_seconds() + 0.05, 1.0))
        loop = asyncio.get_running_loop()
        self._timers[subscriber] = loop.call_later(seconds, self.doubts.add, [subscriber])
