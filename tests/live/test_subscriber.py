"""What waits for a reader is bounded."""

import asyncio
import uuid
from unittest.mock import Mock

import pytest

from tenancy.identity import Credentials
from tika.live import subscriber as module
from tika.live.subscriber import Subscriber


@pytest.fixture
def abort() -> Mock:
    return Mock()


@pytest.fixture
def reader(abort: Mock) -> Subscriber:
    return Subscriber(Mock(), Credentials(), uuid.uuid4(), None, abort=abort)


def all_of(reader: Subscriber) -> list[bytes]:
    async def take() -> list[bytes]:
        taken = []
        while (message := await asyncio.wait_for(reader.next(), 0.1)) is not None:
            taken.append(message)
        return taken

    return asyncio.run(take())


def test_in_the_order_of_offers(reader: Subscriber) -> None:
    for number in range(3):
        reader.offer(b"%d" % number)
    assert [asyncio.run(reader.next()) for _ in range(3)] == [b"0", b"1", b"2"]


def test_too_many_break_the_connection(reader: Subscriber, abort: Mock) -> None:
    for _ in range(module.WAITING_COUNT):
        reader.offer(b"x")
    abort.assert_not_called()
    reader.offer(b"x")
    abort.assert_called_once_with()
    assert all_of(reader) == []


def test_too_much_breaks_the_connection(reader: Subscriber, abort: Mock) -> None:
    reader.offer(b"x" * module.WAITING_BYTES)
    abort.assert_not_called()
    reader.offer(b"x")
    abort.assert_called_once_with()


def test_one_message_of_any_size_may_wait(reader: Subscriber, abort: Mock) -> None:
    reader.offer(b"x" * 3 * module.WAITING_BYTES)
    abort.assert_not_called()


def test_what_was_taken_does_not_count(reader: Subscriber, abort: Mock) -> None:
    async def take() -> None:
        for _ in range(3 * module.WAITING_COUNT):
            reader.offer(b"x" * (module.WAITING_BYTES // 2))
            await reader.next()

    asyncio.run(take())
    abort.assert_not_called()


def test_while_in_doubt_nothing_is_said(reader: Subscriber) -> None:
    reader.offer(b"before")
    reader.hold()
    reader.offer(b"meanwhile")
    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(reader.next(), 0.05))
    reader.release()
    assert [asyncio.run(reader.next()) for _ in range(2)] == [b"before", b"meanwhile"]


def test_the_end_forgets_what_waits(reader: Subscriber) -> None:
    reader.offer(b"a secret")
    reader.hold()
    reader.end(b"gone")
    reader.offer(b"too late")
    reader.end(b"again")
    assert all_of(reader) == [b"gone"]
