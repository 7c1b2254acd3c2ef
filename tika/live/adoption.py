"""Takes over connections that `web` hands over; `tika.live.wire` has what is said."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import structlog

from tika.live.wire import HEAD_BYTES, LENGTH, READY, TIMEOUT, YOURS

log = structlog.get_logger("tika.live")
Adopt = Callable[[socket.socket, bytes], Awaitable[None]]


def bind(path: Path) -> socket.socket:
    """Takes the place of whatever listened there before, without a moment in which nobody does."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        fresh.unlink()
    listener.bind(str(fresh))
    fresh.chmod(0o600)
    listener.listen(512)
    listener.setblocking(False)
    fresh.replace(path)
    return listener


async def serve(listener: socket.socket, adopt: Adopt) -> None:
    loop = asyncio.get_running_loop()
    tasks: set[asyncio.Task[None]] = set()
    while True:
        try:
            web, _ = await loop.sock_accept(listener)
        except OSError as error:
            # No descriptor left, or web hung up: web answers 503 meanwhile.
            log.warning("handover not accepted", error=repr(error))
            await asyncio.sleep(0.1)
            continue
        task = loop.create_task(take(web, adopt))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


async def take(web: socket.socket, adopt: Adopt) -> None:
    client: socket.socket | None = None
    try:
        async with asyncio.timeout(TIMEOUT):
            client, head = await receive(web)
            client.setblocking(False)
            loop = asyncio.get_running_loop()
            await loop.sock_sendall(web, READY)
            if await loop.sock_recv(web, 1) == YOURS:
                await adopt(client, head)
                client = None
    except (OSError, TimeoutError) as error:
        log.warning("handover failed", error=repr(error))
    finally:
        if client is not None:
            # close(), not shutdown(): the connection is still web's.
            client.close()
        web.close()


async def receive(web: socket.socket) -> tuple[socket.socket, bytes]:
    web.setblocking(False)
    await readable(web)
    prefix, descriptors, _, _ = socket.recv_fds(web, LENGTH.size, 1)
    if len(descriptors) != 1:
        raise ConnectionAbortedError("no connection came with the request")
    client = socket.socket(fileno=descriptors[0])
    try:
        return client, await read_head(web, prefix)
    except BaseException:
        client.close()
        raise


async def read_head(web: socket.socket, prefix: bytes) -> bytes:
    size = LENGTH.unpack(prefix)[0] if len(prefix) == LENGTH.size else 0
    if not 0 < size <= HEAD_BYTES:
        raise ConnectionAbortedError("the request's head has no sensible length")
    head = bytearray()
    while len(head) < size:
        more = await asyncio.get_running_loop().sock_recv(web, size - len(head))
        if not more:
            raise ConnectionAbortedError("the request's head is cut off")
        head += more
    return bytes(head)


async def readable(sock: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    loop.add_reader(sock, _resolve, ready)
    try:
        await ready
    finally:
        loop.remove_reader(sock)


def _resolve(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)
