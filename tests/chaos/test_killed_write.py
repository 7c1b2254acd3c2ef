"""`web` is killed with a write half done: nothing of it is there, and the same request can be sent again."""

import http.client
import json
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cast import Person, Scene, connect, run_sql
from tests.isolation.estate import state
from tests.live import servers
from tests.live.streams import bearer


@pytest.fixture
def web(tmp_path: Path) -> Iterator[servers.Process]:
    process = servers.web(tmp_path, servers.free_port())
    yield process
    process.stop()


@contextmanager
def half_way(board: Scene) -> Iterator[int]:
    """A write that gives a ticket the first label waits there, its ticket already written. Yields whom it waits for."""
    with connect() as own, own.transaction():
        own.execute("SELECT set_config('app.tenant_id', %s, true)", [str(board.workspace.id)])
        own.execute("SELECT 1 FROM boards_label WHERE id = %s FOR UPDATE", [board.labels[0]])
        # Asked for, because a pooler tells its clients a number of its own.
        row = own.execute("SELECT pg_backend_pid()").fetchone()
        assert row
        yield row[0]


def waiting_for(pid: int) -> list[int]:
    query = "SELECT pid FROM pg_stat_activity WHERE %s::int = ANY (pg_blocking_pids(pid))"
    return [row[0] for row in run_sql(query, [pid], role="superuser")]


def is_at_work(pid: int) -> bool:
    """Whether PostgreSQL still has this connection."""
    return bool(run_sql("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid], role="superuser"))


def post(port: int, who: Person, body: Any) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {**bearer(who), "Content-Type": "application/json", "Idempotency-Key": "once"}
    connection.request("POST", "/api/tickets", json.dumps(body), headers)
    response = connection.getresponse()
    return response.status, json.loads(response.read())


def workers_of(web: servers.Process) -> list[int]:
    children = Path(f"/proc/{web.pid}/task/{web.pid}/children").read_text()
    return [int(pid) for pid in children.split()]


def test_a_killed_write_left_nothing_and_can_be_sent_again(web: servers.Process, olga: Person, board: Scene) -> None:
    body = {"title": "half", "column": str(board.columns["todo"]), "labels": [str(board.labels[0])]}
    before = state(board.workspace)
    with half_way(board) as pid, ThreadPoolExecutor(1) as pool:
        cut_off = pool.submit(post, web.port, olga, body)
        servers.wait_for(lambda: bool(waiting_for(pid)))
        (at_work,) = waiting_for(pid)
        killed = workers_of(web)
        for worker in killed:
            os.kill(worker, signal.SIGKILL)
        with pytest.raises(http.client.HTTPException):
            cut_off.result(10)
    servers.wait_for(lambda: not is_at_work(at_work))
    assert state(board.workspace) == before
    # The arbiter has put another worker in its place.
    servers.wait_for(lambda: servers.is_up(web.port))
    status, made = post(web.port, olga, body)
    assert (status, made["title"], made["number"]) == (201, "half", 5)
    assert post(web.port, olga, body) == (201, made)
