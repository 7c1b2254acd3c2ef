"""One board's stream of versions: asked once, told to all who have the board open."""

import asyncio
import time
import uuid
from collections.abc import Callable, Iterable

import psycopg
import structlog

from boards.queries.changes import CHANGES_SQL
from observability.slo.tally import tally
from tika.live import events
from tika.live.database import Cursor, Database, level_of
from tika.live.door import tell
from tika.live.subscriber import Subscriber

log = structlog.get_logger("tika.live")
# An import changes a board hundreds of times a second; its readers are told this often.
INTERVAL = 0.05
SLOWEST_RETRY = 2.0
# How many different pasts one transaction answers.
PASTS = 20
VERSION_SQL = b"SELECT version FROM boards_board WHERE tenant_id = %s AND id = %s AND trashed_at IS NULL"
PEOPLE_SQL = b"""
SELECT id, number, name FROM tenancy_membership WHERE tenant_id = %s AND id = ANY(%s) ORDER BY number
"""
# How long ago the oldest of the changes since a version was written; an import's wait for the end of their batch.
LAG_SQL = b"""
SELECT (extract(epoch FROM clock_timestamp() - min(at)) * 1000)::float8 FROM audit_entry
WHERE tenant_id = %s AND board_id = %s AND board_version > %s AND at > now() - interval '1 hour'
  AND actor_type <> 'import'
"""


class Feed:
    """`readers` all have `version`; those in `joining` have been answered nothing yet.

    Whoever joins is brought up to date in the same transaction that brings the readers further. All go on from
    one version, so that nothing is missed and nothing is told twice.
    """

    def __init__(
        self,
        tenant_id: uuid.UUID,
        board_id: uuid.UUID,
        *,
        database: Database,
        present: Callable[[uuid.UUID], Iterable[uuid.UUID]],
    ) -> None:
        self.tenant_id = tenant_id
        self.board_id = board_id
        self.database = database
        self.present = present
        self.version: int | None = None
        self.readers: set[Subscriber] = set()
        self.joining: list[Subscriber] = []
        self._people = b""
        self._news = asyncio.Event()

    def join(self, subscriber: Subscriber) -> None:
        self.joining.append(subscriber)
        self.poke()

    def leave(self, subscriber: Subscriber) -> None:
        self.readers.discard(subscriber)
        if subscriber in self.joining:
            self.joining.remove(subscriber)
        self.poke()

    def poke(self) -> None:
        """Something may have happened: the database is asked what."""
        self._news.set()

    @property
    def subscribers(self) -> list[Subscriber]:
        return [*self.readers, *self.joining]

    async def run(self) -> None:
        """Until nobody is left."""
        pause = INTERVAL
        while self.readers or self.joining:
            await self._news.wait()
            self._news.clear()
            try:
                await self.advance()
                pause = INTERVAL
            except (psycopg.Error, TimeoutError) as error:
                log.log(level_of(error), "board not read", board=str(self.board_id), error=str(error).strip())
                pause = min(pause * 2, SLOWEST_RETRY)
                self.poke()
            await asyncio.sleep(pause)

    async def advance(self) -> None:
        joining = self._next_to_join()
        if not self.readers and not joining:
            return
        async with self.database.reading() as cursor:
            await tell(cursor, self.tenant_id)
            await cursor.execute(VERSION_SQL, [self.tenant_id, self.board_id])
            row = await cursor.fetchone()
            if row is None:
                self.end(events.gone("board"))
                return
            version = row[0]
            pasts = {joiner: version if joiner.since is None else joiner.since for joiner in joining}
            wanted = set(pasts.values())
            if self.readers and self.version is not None and self.version != version:
                wanted.add(self.version)
            lag = None if self.version in (None, version) else await self._lag(cursor)
            asked = time.monotonic()
            told = {since: await self._changes(cursor, since) for since in wanted}
            people = await self._present(cursor)
        self._tell(version, told, pasts, people)
        if lag is not None:
            tally.measure("sync_lag", lag + (time.monotonic() - asked) * 1000)

    def end(self, last: bytes = b"") -> None:
        for subscriber in self.subscribers:
            subscriber.end(last)

    def _next_to_join(self) -> list[Subscriber]:
        """Those who wait, as far as `PASTS` goes; the others with the next round."""
        pasts: set[int | None] = set()
        for place, joiner in enumerate(self.joining):
            pasts.add(joiner.since)
            if len(pasts) > PASTS:
                self.poke()
                return self.joining[:place]
        return list(self.joining)

    async def _changes(self, cursor: Cursor, since: int) -> bytes:
        parameters = {"tenant": self.tenant_id, "board": self.board_id, "since": since}
        await cursor.execute(CHANGES_SQL.encode(), parameters)
        row = await cursor.fetchone()
        assert row is not None, "the board was there a statement ago, and this transaction sees one moment"
        return events.changes(row[0], row[1].encode())

    async def _lag(self, cursor: Cursor) -> float | None:
        """Milliseconds from the change to now; None where there is no change of the last hour that readers wait for."""
        if not self.readers:
            return None
        await cursor.execute(LAG_SQL, [self.tenant_id, self.board_id, self.version])
        row = await cursor.fetchone()
        return row[0] if row else None

    async def _present(self, cursor: Cursor) -> bytes:
        await cursor.execute(PEOPLE_SQL, [self.tenant_id, list(self.present(self.board_id))])
        return events.presence(await cursor.fetchall())

    def _tell(self, version: int, told: dict[int, bytes], pasts: dict[Subscriber, int], people: bytes) -> None:
        for reader in self.readers:
            if self.version is not None and self.version != version:
                reader.offer(told[self.version])
            if people != self._people:
                reader.offer(people)
        for joiner, since in pasts.items():
            if joiner not in self.joining:
                # It has left meanwhile.
                continue
            self.joining.remove(joiner)
            self.readers.add(joiner)
            joiner.offer(told[since])
            joiner.offer(people)
        self.version, self._people = version, people
