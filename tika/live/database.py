"""Short transactions on a few connections."""

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import psycopg
from django.conf import settings
from psycopg import IsolationLevel
from psycopg_pool import AsyncConnectionPool

from observability.metrics.catalogue import CONNECTIONS_ACTIVE, CONNECTIONS_OPEN, POOL_WAIT, POOL_WAITING, WAIT_EDGES
from observability.metrics.page import page
from tika.env import database_url

Connection = psycopg.AsyncConnection[tuple[Any, ...]]
Cursor = psycopg.AsyncCursor[tuple[Any, ...]]
CONNECTIONS = 5
PATIENCE = 3.0
TRANSACTION_SECONDS = 15.0
# A server that vanished is noticed within half a minute, not in the kernel's quarter of an hour.
KEEPALIVE: dict[str, Any] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20000,
}


class Database:
    """A transaction raises psycopg.Error, or TimeoutError where the server says nothing."""

    def __init__(self) -> None:
        self.pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            database_url("app"),
            kwargs={
                **KEEPALIVE,
                "application_name": f"tika live {os.getpid()}",
                "connect_timeout": int(PATIENCE),
                "autocommit": True,
                "prepare_threshold": None if settings.PGBOUNCER else 5,
            },
            name="live",
            min_size=1,
            max_size=CONNECTIONS,
            open=False,
            check=AsyncConnectionPool.check_connection,
            timeout=PATIENCE,
            # Then the next reader begins anew, where the pool by itself would wait longer and longer.
            reconnect_timeout=PATIENCE,
        )

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Cursor]:
        """All statements see the same moment."""
        async with self._transaction(IsolationLevel.REPEATABLE_READ, read_only=True) as cursor:
            yield cursor

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Cursor]:
        async with self._transaction(IsolationLevel.READ_COMMITTED, read_only=False) as cursor:
            yield cursor

    @asynccontextmanager
    async def _transaction(self, level: IsolationLevel, *, read_only: bool) -> AsyncIterator[Cursor]:
        async with asyncio.timeout(TRANSACTION_SECONDS), self._connection() as connection:
            # Said with the next BEGIN.
            await connection.set_isolation_level(level)
            await connection.set_read_only(read_only)
            async with connection.transaction(), connection.cursor() as cursor:
                yield cursor

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        asked = time.perf_counter()
        async with AsyncExitStack() as stack:
            try:
                connection = await stack.enter_async_context(self.pool.connection())
            finally:
                page.observe(page.place(POOL_WAIT, "live"), WAIT_EDGES, time.perf_counter() - asked)
            yield connection

    def look(self) -> None:
        """What the pool says of itself."""
        now = self.pool.get_stats()
        size, idle = now.get("pool_size", 0), now.get("pool_available", 0)
        page.set(page.place(CONNECTIONS_OPEN, "live"), size)
        page.set(page.place(CONNECTIONS_ACTIVE, "live"), size - idle)
        page.set(page.place(POOL_WAITING, "live"), now.get("requests_waiting", 0))


def level_of(error: Exception) -> int:
    """A server that is away is told of once, by the listener; anything else is a fault."""
    away = isinstance(error, psycopg.OperationalError | TimeoutError)
    return logging.DEBUG if away else logging.ERROR
