"""The ASGI application: a stream, or why there is none."""

import asyncio
import time
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import psycopg
import structlog
from django.utils import translation

from observability import tracing
from observability.logs.context import About, about
from observability.middleware import UNMATCHED, write_line
from tenancy.errors import NotFound, Refusal, Unavailable
from tenancy.identity import Member
from tenancy.middleware import NOTE_USE_SQL, USE_SHOWN_EVERY
from tika.live import events
from tika.live.answers import headers_of, refusal_answer
from tika.live.door import admit
from tika.live.hub import Hub
from tika.live.request import EVENTS, Asked, Scope, language_of, read, request_of
from tika.live.subscriber import Subscriber

log = structlog.get_logger("tika.live")
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
PING_SECONDS = 15.0
# A reader that takes nothing for so long is not there.
PATIENCE = 30.0
# Sent piece by piece, so that a slow connection holds a piece in memory and not a whole board.
PIECE = 32 * 1024


class Application:
    """`scope["state"]["abort"]` breaks the connection (tika.live.server)."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.monotonic()
        request = request_of(scope)
        told: About = request.about  # type: ignore[attr-defined]
        about.set(told)
        if scope["path"] in ("/livez", "/readyz"):
            status = await self._health(scope, told.request_id, send)
            write_line(scope["method"], scope["path"][1:], status, time.monotonic() - started)
            return
        request_id, language = told.request_id, language_of(request)
        status, event, route, more = 200, "stream", EVENTS, {}
        try:
            with translation.override(language):
                asked = read(request)
            with tracing.span(f"GET {EVENTS}", kind="server", parent=told.traceparent):
                subscriber = await self._open(asked, scope["state"]["abort"])
        except Refusal as refusal:
            status, event, language = refusal.status, "request", refusal.language or language
            route = UNMATCHED if isinstance(refusal, NotFound) else EVENTS
            await answer(send, status, *refusal_answer(refusal, request_id=request_id, language=language))
        else:
            told.tenant_id, told.user_id = subscriber.member.tenant_id, subscriber.member.user_id
            more = {"board": str(subscriber.board_id)}
            del request
            try:
                await stream(subscriber, request_id, receive, send)
            finally:
                self.hub.leave(subscriber)
        write_line(scope["method"], route, status, time.monotonic() - started, event=event, **more)

    async def _open(self, asked: Asked, abort: Callable[[], None]) -> Subscriber:
        rights = self.hub.rights
        try:
            member = await self._admit(asked)
        except (psycopg.Error, TimeoutError) as error:
            log.warning("reader not identified", error=str(error).strip())
            raise Unavailable from error
        subscriber = Subscriber(member, asked.who, asked.board_id, asked.since, abort=abort)
        self.hub.join(subscriber, rights=rights)
        return subscriber

    async def _admit(self, asked: Asked) -> Member:
        origin = {"request_id": asked.request_id, "ip": asked.ip, "user_agent": asked.user_agent}
        database = self.hub.database
        async with database.reading() as cursor:
            member = await admit(cursor, asked.who, asked.board_id, origin=origin)
        if member.token_id and not used_lately(member):
            async with database.writing() as cursor:
                await admit(cursor, asked.who, asked.board_id, origin=origin)
                parameters = [member.tenant_id, member.tenant_id, member.token_id]
                await cursor.execute(NOTE_USE_SQL.encode(), parameters)
        return member

    async def _health(self, scope: Scope, request_id: str, send: Send) -> int:
        """Alive: the loop turns. Ready: the database answers too."""
        status, body = 200, b"ok\n"
        if scope["path"] == "/readyz":
            try:
                async with self.hub.database.reading() as cursor:
                    await cursor.execute("SELECT 1")
            except (psycopg.Error, TimeoutError):
                status, body = 503, b"no database\n"
        await answer(send, status, headers_of("text/plain; charset=utf-8", request_id), body)
        return status


def used_lately(member: Member) -> bool:
    return member.token_used_at is not None and datetime.now(UTC) - member.token_used_at < USE_SHOWN_EVERY


async def answer(send: Send, status: int, headers: dict[str, str], body: bytes) -> None:
    await send(start(status, headers))
    await send(part(body, last=True))


def part(body: bytes, *, last: bool = False) -> Message:
    return {"type": "http.response.body", "body": body, "more_body": not last}


def start(status: int, headers: dict[str, str]) -> Message:
    pairs = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {"type": "http.response.start", "status": status, "headers": pairs}


async def stream(subscriber: Subscriber, request_id: str, receive: Receive, send: Send) -> None:
    watch = asyncio.get_running_loop().create_task(ended(receive, subscriber))
    try:
        await send(start(200, headers_of("text/event-stream; charset=utf-8", request_id)))
        await write(send, events.OPENING)
        await tell(subscriber, send)
        await send(part(b"", last=True))
    except TimeoutError:
        subscriber.abort()
        await watch
    finally:
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch


async def ended(receive: Receive, subscriber: Subscriber) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
    subscriber.end()


async def tell(subscriber: Subscriber, send: Send) -> None:
    while True:
        try:
            async with asyncio.timeout(PING_SECONDS):
                message = await subscriber.next()
        except TimeoutError:
            message = events.PING
        if message is None:
            return
        await write(send, message)


async def write(send: Send, message: bytes) -> None:
    for place in range(0, len(message), PIECE):
        async with asyncio.timeout(PATIENCE):
            await send(part(message[place : place + PIECE]))
