"""The one connection that hears what PostgreSQL announces."""

import asyncio
import logging
import os
import random
from collections.abc import Callable, Mapping

import psycopg
import structlog

from tika.live.database import KEEPALIVE

log = structlog.get_logger("tika.live")
QUIET_SECONDS = 10.0
SLOWEST_RETRY = 2.0
Heard = Callable[[str], None]


async def listen(conninfo: str, channels: Mapping[str, Heard], *, on_connect: Callable[[], None]) -> None:
    """Calls a channel's function with each payload, for ever.

    `on_connect` is called after each (re)connection, from when on nothing is missed: what happened before has to
    be asked for. All are plain functions: a slow one would delay what follows.
    """
    delay = 0.1
    while True:
        try:
            async with await connect(conninfo) as connection:
                for channel in channels:
                    await connection.execute(f'LISTEN "{channel}"'.encode())
                log.info("listening", channels=list(channels))
                delay = 0.1
                on_connect()
                await hear(connection, channels)
        except (psycopg.Error, OSError, TimeoutError) as error:
            # Said while the pauses grow, then not every two seconds.
            level = logging.WARNING if delay < SLOWEST_RETRY else logging.DEBUG
            log.log(level, "not listening", error=str(error).strip())
        await asyncio.sleep(delay * random.uniform(0.5, 1))  # noqa: S311 - spreads reconnections, guards nothing
        delay = min(delay * 2, SLOWEST_RETRY)


async def connect(conninfo: str) -> psycopg.AsyncConnection:
    name = f"tika live {os.getpid()} listens"
    return await psycopg.AsyncConnection.connect(
        conninfo, autocommit=True, application_name=name, connect_timeout=5, **KEEPALIVE
    )


async def hear(connection: psycopg.AsyncConnection, channels: Mapping[str, Heard]) -> None:
    while True:
        async for notice in connection.notifies(timeout=QUIET_SECONDS):
            channels[notice.channel](notice.payload)
        # A peer that vanished without a word looks the same as one with nothing to say.
        async with asyncio.timeout(QUIET_SECONDS):
            await connection.execute("SELECT 1")
