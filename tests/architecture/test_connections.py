"""Processes and threads fit into what the database grants, or web does not start and says by how much."""

import uuid

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from tests.cast import Person, Workspace, connect
from tika import connections
from tika.connections import TooFewConnections, granted, needed, refuse_too_few_connections
from tika.live.database import CONNECTIONS
from tika.pollers import POLLERS
from tika.worker import CONCURRENT_JOBS


@pytest.fixture(autouse=True)
def _direct(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PGBOUNCER", False)
    for name in ("TIKA_WEB_WORKERS", "TIKA_WEB_THREADS", "TIKA_WEB_REPLICAS"):
        monkeypatch.delenv(name, raising=False)


def test_what_is_usual_fits() -> None:
    refuse_too_few_connections()


def test_too_many_threads_are_refused_with_the_sum_and_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKA_WEB_WORKERS", "4")
    monkeypatch.setenv("TIKA_WEB_THREADS", "30")
    with pytest.raises(TooFewConnections) as refused:
        refuse_too_few_connections()
    said = str(refused.value)
    assert f"may open {sum(needed().values())} connections" in said
    assert f"which grants {granted()}" in said
    assert "1 replicas x 4 workers x (30 threads + 2)" in said
    assert "TIKA_PGBOUNCER=1" in said


def test_replicas_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKA_WEB_REPLICAS", "10")
    with pytest.raises(TooFewConnections):
        refuse_too_few_connections()


def test_behind_a_pooler_its_limits_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKA_WEB_REPLICAS", "10")
    monkeypatch.setattr(settings, "PGBOUNCER", True)
    refuse_too_few_connections()


def test_a_limit_of_the_database_counts_like_the_servers() -> None:
    with connect("superuser") as own:
        row = own.execute(
            "SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int"
        ).fetchone()
    assert row is not None
    assert granted() <= row[0]


def test_what_live_and_worker_may_open_is_in_the_sum() -> None:
    # The queue's own pool holds four; one watches whether the database is there, and one is the beat's.
    assert 4 + 2 + len(POLLERS) + CONCURRENT_JOBS <= connections.WORKER
    assert connections.LIVE == CONNECTIONS + 1


def test_no_mail_leaves_while_a_transaction_waits_for_it(
    workspace: Workspace, olga: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    within: list[bool] = []

    def look(backend: object, messages: list[object]) -> int:
        within.append(connection.in_atomic_block)
        return len(messages)

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", look)
    invited = {"role": "MEMBER", "email": f"{uuid.uuid4().hex}@example.com"}
    assert olga.client.post(f"/{workspace.slug}/invitations/", invited).status_code == 200
    Client().post("/accounts/password/reset/", {"email": olga.user.email})
    assert within == [False, False]
