"""PostgreSQL dies under open streams and comes back."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.cast import Person, Scene
from tests.live import servers
from tests.live.proxy import Proxy, door
from tests.live.streams import Stream, bearer, events

# The longest pause between two attempts, and the attempt.
BACK_SECONDS = 6.0


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Proxy]:
    with door(tmp_path, settings.DATABASE_URL_DIRECT) as proxy:
        yield proxy


def environment(database: Proxy) -> dict[str, str]:
    return {"DATABASE_URL": database.url, "DATABASE_URL_DIRECT": database.url}


def test_streams_stay_and_catch_up(database: Proxy, tmp_path: Path, board: Scene, mia: Person) -> None:
    live = servers.live(tmp_path, port=servers.free_port(), **environment(database))
    with Stream(live.port, events(board), bearer(mia)) as stream:
        stream.next()
        seen = board.version
        database.slam()
        tickets = {str(board.ticket(f"Ticket {number}")) for number in range(3)}
        assert stream.silent(seconds=2)
        with Stream(live.port, events(board), bearer(mia)) as refused:
            assert refused.status == 503
            assert refused.error()["code"] == "UNAVAILABLE"
        database.open()
        first = stream.next(seconds=BACK_SECONDS)
        assert first.data["since"] == seen
        assert {row[0] for row in first.data["tickets"]} == tickets
    with Stream(live.port, events(board), bearer(mia)) as accepted:
        assert accepted.status == 200
    live.stop()


def test_a_start_before_the_database_s(database: Proxy, tmp_path: Path, board: Scene, mia: Person) -> None:
    database.slam()
    later = threading.Timer(1.5, database.open)
    later.start()
    live = servers.live(tmp_path, port=servers.free_port(), **environment(database))
    with Stream(live.port, events(board), bearer(mia)) as stream:
        stream.next()
        board.ticket()
        assert stream.next().data["tickets"]
    live.stop()
