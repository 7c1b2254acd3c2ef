"""Two people in twenty windows drag tickets about in one column of a real server, all at once.

For 15 seconds; for as long as it should be with TIKA_LOAD_SECONDS=60.
"""

import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.cast import Person, Scene, run_sql
from tests.chaos.dragging import Dragger
from tests.live import servers
from tests.live.streams import Stream, bearer, events

SECONDS = float(os.environ.get("TIKA_LOAD_SECONDS", "15"))
WINDOWS, TICKETS = 20, 40


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    live = servers.live(tmp_path)
    web = servers.web(tmp_path, servers.free_port(), TIKA_WEB_WORKERS="2", TIKA_WEB_THREADS="8")
    yield web.port
    web.stop()
    live.stop()


def deadlocks() -> int:
    query = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    return int(run_sql(query, role="superuser")[0][0])


@pytest.mark.slow
def test_all_show_one_order_and_nothing_is_lost_or_doubled(port: int, olga: Person, mia: Person, board: Scene) -> None:
    tickets = {str(board.ticket(f"n{number}", "backlog")) for number in range(TICKETS)}
    before, seen = deadlocks(), board.version
    draggers = [Dragger(port, (olga, mia)[number % 2], board, "backlog", seed=number) for number in range(WINDOWS)]
    with Stream(port, events(board, seen), bearer(mia)) as stream:
        end = time.monotonic() + SECONDS
        with ThreadPoolExecutor(WINDOWS) as pool:
            list(pool.map(lambda dragger: dragger.drag_until(end), draggers))
        watched = stream.follow(board.version)
    for dragger in draggers:
        dragger.catch_up()
    fresh = Dragger(port, olga, board, "backlog", seed=0)

    assert {status for dragger in draggers for status in dragger.answers} == {200}
    assert all(dragger.moves > 0 for dragger in draggers)
    rows = [row[0] for row in fresh.get("/snapshot")["tickets"]]
    assert sorted(rows) == sorted({*tickets, *map(str, board.tickets)})
    assert set(fresh.order) == tickets
    assert len(set(fresh.ranks.values())) == TICKETS
    for dragger in draggers:
        assert (dragger.version, dragger.order) == (board.version, fresh.order)
    watcher = Dragger(port, olga, board, "backlog", seed=0)
    watcher.ranks.clear()
    for event in watched:
        watcher.load(event.data["snapshot"]) if "snapshot" in event.data else watcher.take(event.data["tickets"])
    # Whoever only watched knows of each ticket that was moved, and has it where it is.
    assert {ticket: fresh.ranks[ticket] for ticket in watcher.ranks} == watcher.ranks
    assert deadlocks() == before
    print(json.dumps({"moves": sum(dragger.moves for dragger in draggers), "seconds": SECONDS}))


def test_the_log_has_every_version_once_and_in_order(port: int, olga: Person, mia: Person, board: Scene) -> None:
    """What the order of the versions is worth: a copy that took each entry in turn is the board."""
    draggers = [Dragger(port, (olga, mia)[number % 2], board, "todo", seed=number) for number in range(6)]
    end = time.monotonic() + 2
    with ThreadPoolExecutor(len(draggers)) as pool:
        list(pool.map(lambda dragger: dragger.drag_until(end), draggers))
    query = """SELECT board_version, at FROM audit_entry
    WHERE board_id = %s AND resource = 'ticket' ORDER BY board_version"""
    rows = run_sql(query, [board.id], tenant=board.workspace.id)
    versions = [version for version, _ in rows]
    assert versions == sorted(set(versions))
    assert versions[-1] == board.version
    assert [at for _, at in rows] == sorted(at for _, at in rows)
