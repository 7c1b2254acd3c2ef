"""The process: its sockets, its signals, its end."""

import asyncio
import os
import resource
import signal
import socket
from contextlib import AsyncExitStack, closing, suppress
from pathlib import Path

import structlog
from django.conf import settings
from uvicorn import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from observability.beat import beat
from observability.metrics.catalogue import STREAMS_OPEN
from observability.metrics.page import page
from tika.live import adoption
from tika.live.app import Application
from tika.live.database import Database
from tika.live.hub import Hub
from tika.live.wire import HEAD_BYTES

log = structlog.get_logger("tika.live")
HEAD_SECONDS = 10.0
GRACE_SECONDS = 1.0
# A laptop that went to sleep says no farewell: what it does not acknowledge for so long ends the connection.
UNACKNOWLEDGED_MS = 40_000
WRITE_BUFFER = 64 * 1024
BACKLOG = 1024
LOOK_EVERY = 5.0


class Connection(H11Protocol):
    """One client; `head` is what `web` has already read of its request."""

    def __init__(self, config: Config, state: ServerState, head: bytes = b"") -> None:
        super().__init__(config, state, {})
        self.head = head

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.set_write_buffer_limits(high=WRITE_BUFFER)
        sock = transport.get_extra_info("socket")
        if sock.family in (socket.AF_INET, socket.AF_INET6) and hasattr(socket, "TCP_USER_TIMEOUT"):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MS)
        self.app_state = {"abort": transport.abort}
        if self.head:
            head, self.head = self.head, b""
            self.data_received(head)
        else:
            self.loop.call_later(HEAD_SECONDS, self._give_up_waiting)

    def _give_up_waiting(self) -> None:
        if self.cycle is None:
            self.transport.abort()


class Server:
    def __init__(self) -> None:
        self.database = Database()
        self.hub = Hub(self.database)
        beat.add("live metrics", LOOK_EVERY, self.look)
        self.state = ServerState()
        self.config = Config(
            Application(self.hub),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            h11_max_incomplete_event_size=HEAD_BYTES,
        )
        self.config.load()

    def look(self) -> None:
        page.set(page.place(STREAMS_OPEN), self.hub.streams)
        self.database.look()

    async def run(self) -> None:
        """Until SIGTERM or SIGINT; a fault in one of its tasks ends it too."""
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        async with self.database.pool, asyncio.TaskGroup() as tasks, AsyncExitStack() as stack:
            hub = tasks.create_task(self.hub.run(settings.DATABASE_URL_DIRECT))
            stack.callback(hub.cancel)
            stack.push_async_callback(self._close_streams)
            if path := os.environ.get("TIKA_LIVE_HANDOVER"):
                listener = stack.enter_context(adoption.bind(Path(path)))
                stack.callback(tasks.create_task(adoption.serve(listener, self.adopt)).cancel)
            if port := os.environ.get("LIVE_PORT"):
                stack.enter_context(closing(await self._listen(int(port))))
            log.info("live is ready", handover=path, port=port)
            await stop.wait()

    async def adopt(self, client: socket.socket, head: bytes) -> None:
        loop = asyncio.get_running_loop()
        await loop.connect_accepted_socket(lambda: Connection(self.config, self.state, head), client)

    async def _listen(self, port: int) -> asyncio.Server:
        """The address that a proxy in front of `web` and `live` sends event streams to."""
        loop = asyncio.get_running_loop()
        host = os.environ.get("LIVE_HOST", "127.0.0.1")
        return await loop.create_server(lambda: Connection(self.config, self.state), host, port, backlog=BACKLOG)

    async def _close_streams(self) -> None:
        self.hub.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE_SECONDS):
                while self.state.connections:
                    await asyncio.sleep(0.02)
        for connection in list(self.state.connections):
            connection.transport.abort()
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE_SECONDS / 2):
                await self.hub.presence.leave()


def raise_descriptor_limit() -> None:
    """Each stream is one descriptor, and the usual soft limit is 1,024."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
