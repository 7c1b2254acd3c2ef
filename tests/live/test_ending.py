"""A cancellation that was missed is repeated."""

import asyncio

from tika.live.ending import end


async def deaf(misses: int) -> None:
    for _ in range(misses):
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            continue
    await asyncio.sleep(60)


def test_a_task_that_misses_its_cancellation_ends_all_the_same() -> None:
    async def scene() -> list[bool]:
        tasks = [asyncio.create_task(deaf(misses)) for misses in (0, 1, 2)]
        await asyncio.sleep(0)
        async with asyncio.timeout(10):
            await end(tasks)
        return [task.cancelled() for task in tasks]

    assert asyncio.run(scene()) == [True, True, True]


def test_what_has_ended_is_left_alone() -> None:
    async def scene() -> None:
        task = asyncio.create_task(asyncio.sleep(0))
        await task
        await end([task])
        assert not task.cancelled()

    asyncio.run(scene())
