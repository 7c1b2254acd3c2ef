"""The end of tasks that may miss their cancellation."""

import asyncio
from collections.abc import Collection

PATIENCE = 0.1


async def end(tasks: Collection[asyncio.Task[None]]) -> None:
    """Cancels them until they have ended.

    Once is not enough: `asyncio.wait_for` of Python 3.11, in which the pool waits for a connection, forgets a
    cancellation that comes in the same turn as what it waits for (cpython#86296).
    """
    while pending := [task for task in tasks if not task.done()]:
        for task in pending:
            task.cancel()
        await asyncio.wait(pending, timeout=PATIENCE)
