"""Who has which board open, here and in the other `live` processes.

The processes tell each other on the channel `tika_presence`, in words: PROCESS here BOARD PERSON..., PROCESS left
BOARD PERSON, PROCESS hello (new; who is there?), PROCESS bye. What is not repeated in time is forgotten.
"""

import asyncio
import time
import uuid
from collections import Counter, defaultdict, deque
from collections.abc import Callable

import psycopg
import structlog

from tika.live.database import Database

log = structlog.get_logger("tika.live")
CHANNEL = "tika_presence"
BEAT_SECONDS = 20.0
FORGOTTEN_SECONDS = 45.0
# A notification holds 8,000 bytes; a person is 33.
PEOPLE_PER_NOTICE = 200
UNSAID = 1000
SAY_SQL = b"SELECT pg_notify(%s, said) FROM unnest(%s::text[]) said"


class Presence:
    """`changed` is called with a board where somebody came or left."""

    def __init__(self, database: Database, *, changed: Callable[[uuid.UUID], None]) -> None:
        self.database = database
        self.changed = changed
        self.process = uuid.uuid4().hex[:12]
        self._here: dict[uuid.UUID, Counter[uuid.UUID]] = {}
        # board -> (process, person) -> when last heard
        self._there: defaultdict[uuid.UUID, dict[tuple[str, uuid.UUID], float]] = defaultdict(dict)
        self._unsaid: deque[str] = deque(maxlen=UNSAID)
        self._speak = asyncio.Event()

    def people(self, board_id: uuid.UUID) -> set[uuid.UUID]:
        return set(self._here.get(board_id, ())) | {person for _, person in self._there.get(board_id, ())}

    def arrive(self, board_id: uuid.UUID, person: uuid.UUID) -> None:
        streams = self._here.setdefault(board_id, Counter())
        streams[person] += 1
        if streams[person] == 1:
            self._say("here", board_id.hex, person.hex)
            self.changed(board_id)

    def depart(self, board_id: uuid.UUID, person: uuid.UUID) -> None:
        streams = self._here[board_id]
        streams[person] -= 1
        if not streams[person]:
            del streams[person]
            self._say("left", board_id.hex, person.hex)
            self.changed(board_id)
        if not streams:
            del self._here[board_id]

    def hear(self, notice: str) -> None:
        process, _, said = notice.partition(" ")
        if process == self.process:
            return
        match said.split():
            case ["here", board, *people]:
                self._heard_here(process, uuid.UUID(board), [uuid.UUID(person) for person in people])
            case ["left", board, person]:
                self._forget(uuid.UUID(board), lambda key, _: key == (process, uuid.UUID(person)))
            case ["hello"]:
                self.repeat()
            case ["bye"]:
                for board_id in list(self._there):
                    self._forget(board_id, lambda key, _: key[0] == process)

    def greet(self) -> None:
        """After a (re)connection: what the others said meanwhile was not heard."""
        self._say("hello")
        self.repeat()

    def repeat(self) -> None:
        for board_id, streams in self._here.items():
            people = [person.hex for person in streams]
            for start in range(0, len(people), PEOPLE_PER_NOTICE):
                self._say("here", board_id.hex, *people[start : start + PEOPLE_PER_NOTICE])

    async def run(self) -> None:
        beat = time.monotonic() + BEAT_SECONDS
        while True:
            try:
                async with asyncio.timeout_at(beat):
                    await self._speak.wait()
            except TimeoutError:
                beat = time.monotonic() + BEAT_SECONDS
                self._expire(time.monotonic() - FORGOTTEN_SECONDS)
                self.repeat()
            await self.flush()

    async def flush(self) -> None:
        """Says what is to be said; a database that is away hears it with the next beat."""
        self._speak.clear()
        said = list(self._unsaid)
        self._unsaid.clear()
        if not said:
            return
        try:
            async with self.database.writing() as cursor:
                await cursor.execute(SAY_SQL, [CHANNEL, said])
        except (psycopg.Error, TimeoutError) as error:
            log.warning("presence not told", error=str(error).strip())

    async def leave(self) -> None:
        self._unsaid.clear()
        self._say("bye")
        await self.flush()

    def _say(self, *words: str) -> None:
        self._unsaid.append(" ".join([self.process, *words]))
        self._speak.set()

    def _heard_here(self, process: str, board_id: uuid.UUID, people: list[uuid.UUID]) -> None:
        before = self.people(board_id)
        self._there[board_id].update({(process, person): time.monotonic() for person in people})
        if self.people(board_id) != before:
            self.changed(board_id)

    def _expire(self, oldest: float) -> None:
        for board_id in list(self._there):
            self._forget(board_id, lambda _, heard: heard < oldest)

    def _forget(self, board_id: uuid.UUID, which: Callable[[tuple[str, uuid.UUID], float], bool]) -> None:
        before = self.people(board_id)
        left = {key: heard for key, heard in self._there.pop(board_id, {}).items() if not which(key, heard)}
        if left:
            self._there[board_id] = left
        if self.people(board_id) != before:
            self.changed(board_id)
