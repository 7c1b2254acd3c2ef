"""Looks again whether a reader may still see the board; until that is known the stream says nothing."""

import asyncio
from collections.abc import Callable, Iterable

import psycopg
import structlog

from tenancy.errors import Refusal
from tenancy.identity import Member
from tika.live import events
from tika.live.database import Database, level_of
from tika.live.door import admit, is_there
from tika.live.subscriber import Subscriber

log = structlog.get_logger("tika.live")
AT_ONCE = 3
RETRY_SECONDS = 0.5


class Doubts:
    """`confirmed` is called with each reader whose right still stands."""

    def __init__(self, database: Database, *, confirmed: Callable[[Subscriber], None]) -> None:
        self.database = database
        self.confirmed = confirmed
        self._doubted: dict[Subscriber, None] = {}
        self._news = asyncio.Event()

    def add(self, subscribers: Iterable[Subscriber]) -> None:
        for subscriber in subscribers:
            subscriber.hold()
            self._doubted[subscriber] = None
        self._news.set()

    def drop(self, subscriber: Subscriber) -> None:
        self._doubted.pop(subscriber, None)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(AT_ONCE):
                tasks.create_task(self._settle())

    async def _settle(self) -> None:
        while True:
            if not self._doubted:
                self._news.clear()
                await self._news.wait()
                continue
            subscriber = next(iter(self._doubted))
            del self._doubted[subscriber]
            try:
                await self._look_again(subscriber)
            except (psycopg.Error, TimeoutError) as error:
                log.log(level_of(error), "right not checked", error=str(error).strip())
                self.add([subscriber])
                await asyncio.sleep(RETRY_SECONDS)

    async def _look_again(self, subscriber: Subscriber) -> None:
        member = subscriber.member
        async with self.database.reading() as cursor:
            try:
                found = await admit(cursor, subscriber.who, subscriber.board_id)
            except Refusal:
                there = await is_there(cursor, member.tenant_id, subscriber.board_id)
                subscriber.end(events.gone("access" if there else "board"))
                return
        self._settled(subscriber, found)

    def _settled(self, subscriber: Subscriber, member: Member) -> None:
        if subscriber in self._doubted:
            # Doubted anew while the answer was on its way.
            return
        subscriber.member = member
        subscriber.release()
        self.confirmed(subscriber)
