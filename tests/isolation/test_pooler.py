"""Through PgBouncer in transaction mode: few server connections, handed from tenant to tenant at each commit."""

import random
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.cast import Scene, Workspace, run_sql
from tests.database import NAME
from tests.live import servers
from tests.pooler import pooled
from tests.servers import of_this_run
from tika.cli.postgres import Postgres

THREADS = 50
TURNS = 10_000


@pytest.fixture
def server() -> Postgres:
    return of_this_run()


@pytest.fixture
def web(server: Postgres, tmp_path: Path) -> Iterator[servers.Process]:
    """One worker of fifty threads that shares two connections of the server."""
    with pooled(server, NAME, connections=2) as address:
        own = {"DATABASE_URL": address, "TIKA_PGBOUNCER": "1", "TIKA_WEB_THREADS": str(THREADS)}
        running = servers.web(tmp_path, servers.free_port(), TIKA_METRICS="off", **own)
        yield running
        running.stop()


def test_fifty_threads_on_two_connections_show_nobody_anothers_ticket(
    web: servers.Process, board: Scene, other_board: Scene
) -> None:
    scenes = (board, other_board)
    tickets = [scene.ticket(f"of {scene.workspace.slug}") for scene in scenes]
    tokens = [scene.workspace.owner.token for scene in scenes]

    def one(number: int) -> list[tuple[int, bool]]:
        """(status, whether it tells of the right workspace) of reading one's own ticket and the other's."""
        mine = number % 2
        connection = HTTPConnection("127.0.0.1", web.port, timeout=60)
        found = []
        for place in range(20):
            whose = (mine + place) % 2
            headers = {"Authorization": f"Bearer {tokens[mine]}"}
            connection.request("GET", f"/api/tickets/{tickets[whose]}", headers=headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            right = (answer.status == 200) == (whose == mine) and scenes[1 - mine].workspace.slug not in text
            found.append((answer.status, right))
        connection.close()
        return found

    with ThreadPoolExecutor(THREADS) as pool:
        answers = [answer for found in pool.map(one, range(THREADS)) for answer in found]
    assert {status for status, _ in answers} == {200, 404}
    assert all(right for _, right in answers)


def test_ten_thousand_turns_on_one_backend_leave_no_tenant_behind(
    server: Postgres, board: Scene, other_board: Scene
) -> None:
    """Turns that end well, fail, go back to a savepoint, or lose their client in the middle."""
    tenants = [scene.workspace.id for scene in (board, other_board)]
    for scene in (board, other_board):
        scene.ticket()
    chance = random.Random(3)
    backends: set[int] = set()
    with pooled(server, NAME, connections=1) as address:
        connection = opened(address)
        for turn in range(TURNS):
            tenant = tenants[turn % 2]
            end = chance.choice(("well", "fails", "savepoint", "well"))
            backends.add(take_turn(connection, tenant, end))
            if turn % 100 == 0:
                connection = lost_in_the_middle(connection, tenant, address)
        assert seen_without_a_tenant(connection) == (0, "")
        connection.close()
    assert len(backends) <= 1 + TURNS // 100


def opened(address: str) -> "psycopg.Connection[tuple[Any, ...]]":
    return psycopg.connect(address, autocommit=True, prepare_threshold=None)


def take_turn(connection: "psycopg.Connection[tuple[Any, ...]]", tenant: uuid.UUID, end: str) -> int:
    """The backend's number. Nothing is seen before the tenant is told, and nobody else's after."""
    try:
        with connection.transaction():
            seen = "SELECT array_agg(DISTINCT tenant_id), pg_backend_pid(), set_config('app.tenant_id', %s, true)"
            before, backend, _ = fetched(connection, f"{seen} FROM boards_ticket", str(tenant))
            assert before is None
            if end == "savepoint":
                with connection.transaction(force_rollback=True):
                    connection.execute("SELECT set_config('app.tenant_id', %s, true)", [str(uuid.uuid4())])
            assert fetched(connection, "SELECT array_agg(DISTINCT tenant_id) FROM boards_ticket")[0] == [tenant]
            if end == "fails":
                connection.execute("SELECT 1 / 0")
    except psycopg.errors.DivisionByZero:
        assert end == "fails"
    return int(backend)


def fetched(connection: "psycopg.Connection[tuple[Any, ...]]", query: str, *parameters: str) -> tuple[Any, ...]:
    row = connection.execute(query.encode(), parameters or None).fetchone()
    assert row is not None
    return row


def lost_in_the_middle(
    connection: "psycopg.Connection[tuple[Any, ...]]", tenant: uuid.UUID, address: str
) -> "psycopg.Connection[tuple[Any, ...]]":
    connection.execute("BEGIN")
    connection.execute("SELECT set_config('app.tenant_id', %s, true)", [str(tenant)])
    connection.pgconn.finish()
    return opened(address)


def seen_without_a_tenant(connection: "psycopg.Connection[tuple[Any, ...]]") -> tuple[int, str]:
    query = "SELECT count(*), coalesce(current_setting('app.tenant_id', true), '') FROM boards_ticket"
    count, setting = fetched(connection, query)
    return int(count), str(setting)


def test_a_thousand_clients_are_few_connections_of_the_server(server: Postgres, workspace: Workspace) -> None:
    with pooled(server, NAME, connections=40) as address:
        clients = [opened(address) for _ in range(1000)]
        try:
            with ThreadPoolExecutor(50) as pool:
                answers = list(pool.map(lambda client: fetched(client, "SELECT pg_backend_pid()")[0], clients))
            assert len(answers) == 1000
            query = "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY (%s)"
            assert run_sql(query, [list(set(answers))], role="superuser")[0][0] <= 40
            assert len(set(answers)) <= 40
        finally:
            for client in clients:
                client.close()
