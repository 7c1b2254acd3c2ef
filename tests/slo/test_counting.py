"""What is counted, by whom, and that nothing is ever counted twice."""

import json
import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from observability.slo import flush as flushing
from observability.slo.flush import flush
from observability.slo.observe import PROBE_HEADER, probe_mark
from observability.slo.tally import tally
from tenancy.operators import OPERATORS_ID
from tests.cast import Workspace, run_sql
from tests.slo.counting import answer
from tika.cli.environment import ROOT


@pytest.fixture(autouse=True)
def _nothing_counted() -> Iterator[None]:
    tally.requests.clear()
    tally.take()
    yield
    tally.requests.clear()
    tally.take()


def counted(sli: str, tenant: uuid.UUID = OPERATORS_ID) -> tuple[int, int]:
    """(good, valid) of all minutes."""
    query = "SELECT coalesce(sum(good), 0)::int, coalesce(sum(valid), 0)::int FROM slo_sliminute WHERE sli = %s"
    rows = run_sql(query + " AND tenant_id = %s", [sli, tenant], tenant=tenant)
    return rows[0]


def taken() -> dict[str, tuple[int, int]]:
    """{objective: (good, valid)} of the installation, not handed over."""
    tally.fold()
    payload = tally.take() or {"minutes": []}
    return {row["sli"]: (row["good"], row["valid"]) for row in payload["minutes"] if row["tenant"] is None}


def test_an_answer_counts_for_the_installation_and_for_its_workspace(workspace: Workspace, other: Workspace) -> None:
    before = counted("availability")
    for status in (200, 204, 302, 500):
        answer(status, tenant=workspace.id)
    flush()
    assert counted("availability", workspace.id) == (3, 4)
    assert counted("availability", other.id) == (0, 0)
    good, valid = counted("availability")
    # Others count at the same time.
    assert (good - before[0], valid - before[1]) >= (3, 4)


def test_an_operators_request_is_counted_once() -> None:
    """Their workspace's rows are the installation's."""
    answer(tenant=OPERATORS_ID)
    tally.fold()
    payload: Any = tally.take()
    rows = [(row["tenant"], row["valid"]) for row in payload["minutes"] if row["sli"] == "availability"]
    assert rows == [(None, 1)]


def test_real_requests_are_counted(workspace: Workspace) -> None:
    olga = workspace.owner
    assert olga.api.get("/api/tickets").status_code == 200
    assert olga.api.get("/api/tickets/1").status_code in {404, 422}
    assert olga.client.get(f"/{workspace.slug}/").status_code == 200
    flush()
    assert counted("availability", workspace.id) == (2, 2)
    assert counted("api_latency_p99", workspace.id)[1] == 1


@pytest.mark.parametrize("address", ["/livez", "/readyz", "/static/none.css", "/nowhere", "/api/nowhere"])
def test_probes_files_and_wrong_addresses_are_no_events(address: str) -> None:
    Client().get(address)
    assert taken() == {}


def test_a_million_hostile_404s_move_the_budget_by_nothing() -> None:
    answer(500)
    before = taken()
    answer(500)
    for _ in range(1_000_000):
        answer(404, route="api/tickets/<ticket>")
    assert len(tally.requests) == 1
    assert (
        taken()
        == before
        == {"availability": (0, 1), "error_rate": (0, 1), "api_latency_p95": (0, 0)} | {"api_latency_p99": (0, 0)}
    )


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 413, 422, 429])
def test_a_callers_mistake_is_neither_good_nor_bad(status: int) -> None:
    answer(status)
    assert taken() == {}


def test_a_caller_who_gave_up_waiting_is_a_failure_and_no_error() -> None:
    answer(499)
    found = taken()
    assert (found["availability"], found["error_rate"]) == ((0, 1), (1, 1))


def test_a_failure_on_the_way_to_a_route_counts() -> None:
    answer(503, route="__unmatched__")
    assert taken()["availability"] == (0, 1)


def test_fast_enough_is_up_to_the_edge_and_only_of_the_api() -> None:
    for seconds in (0.05, 0.3, 0.3001, 1.0, 1.2):
        answer(seconds=seconds)
    answer(500, seconds=0.001)
    answer(seconds=9, route="<slug:workspace>/")
    found = taken()
    assert found["api_latency_p95"] == (2, 5)
    assert found["api_latency_p99"] == (4, 5)
    assert found["availability"] == (6, 7)


def test_the_shares_of_the_buckets_are_those_of_the_raw_values() -> None:
    durations = [number * 0.0007 for number in range(2000)]
    for seconds in durations:
        answer(seconds=seconds)
    found = taken()
    assert found["api_latency_p95"] == (sum(value <= 0.3 for value in durations), 2000)
    assert found["api_latency_p99"] == (sum(value <= 1.0 for value in durations), 2000)


def test_a_probe_is_marked_and_nobody_else_can_mark_theirs() -> None:
    Client().get("/api/health", headers={"X-Tika-Probe": probe_mark()})
    Client().get("/api/health", headers={"X-Tika-Probe": "guessed"})
    tally.fold()
    payload: Any = tally.take()
    assert PROBE_HEADER == "HTTP_X_TIKA_PROBE"
    assert {row["sli"]: (row["synthetic"], row["valid"]) for row in payload["minutes"]}["availability"] == (1, 2)


def test_counts_wait_while_the_database_is_away(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("no route")

    answer(tenant=workspace.id)
    with monkeypatch.context() as patch:
        patch.setattr(flushing, "reach_database", away)
        with pytest.raises(OperationalError):
            flush()
    answer(tenant=workspace.id)
    flush()
    assert counted("availability", workspace.id) == (2, 2)


def test_what_was_sent_is_not_sent_again_when_nobody_knows_its_fate(workspace: Workspace) -> None:
    """The statement is committed, its answer is lost on the way: counted once, and not a second time."""
    answer(tenant=workspace.id)

    class Lost(Exception):
        pass

    def lose_the_answer(execute: Any, sql: str, params: Any, many: bool, context: Any) -> None:
        execute(sql, params, many, context)
        raise Lost

    with connection.execute_wrapper(lose_the_answer), pytest.raises(Lost):
        flush()
    flush()
    assert counted("availability", workspace.id) == (1, 1)


DYING = """
import os, signal, uuid, django
django.setup()
from observability.slo.flush import flush
from tests.slo.counting import answer
for _ in range(5):
    answer(tenant=uuid.UUID(os.environ["WORKSPACE"]))
flush()
for _ in range(7):
    answer(tenant=uuid.UUID(os.environ["WORKSPACE"]))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_process_that_dies_before_it_told_never_counts_twice(workspace: Workspace) -> None:
    environment = {**os.environ, "WORKSPACE": str(workspace.id), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", DYING], env=environment, cwd=ROOT, timeout=60, check=False)
    assert done.returncode == -signal.SIGKILL
    assert counted("availability", workspace.id) == (5, 5)


def test_the_minute_is_the_databases_and_never_one_to_come(workspace: Workspace) -> None:
    row = {"tenant": str(workspace.id), "good": 1, "valid": 1, "synthetic": 0, "sum_ms": 0.0, "hist": None}
    payload = {"minutes": [{**row, "sli": "now", "age": -3600}, {**row, "sli": "before", "age": 125}], "routes": []}
    run_sql("SELECT slo_count(%s::jsonb)", [json.dumps(payload)])
    query = "SELECT sli, minute, now() FROM slo_sliminute WHERE tenant_id = %s"
    found = {sli: now - minute for sli, minute, now in run_sql(query, [workspace.id], tenant=workspace.id)}
    assert timedelta() <= found["now"] < timedelta(minutes=1.1)
    assert timedelta(minutes=2) < found["before"] < timedelta(minutes=3.2)


def test_a_process_whose_clock_went_back_an_hour_counts_on(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    answer(tenant=workspace.id)
    earlier = time.time() - 3600
    monkeypatch.setattr(time, "time", lambda: earlier)
    answer(tenant=workspace.id)
    flush()
    query = (
        "SELECT sum(valid)::int, max(now() - minute) FROM slo_sliminute WHERE sli = 'availability' AND tenant_id = %s"
    )
    ((valid, oldest),) = run_sql(query, [workspace.id], tenant=workspace.id)
    assert valid == 2
    assert oldest < timedelta(minutes=2)


def test_counts_of_one_minute_are_added_bucket_by_bucket(workspace: Workspace) -> None:
    for _ in range(2):
        answer(seconds=0.02, tenant=workspace.id)
        answer(seconds=99, tenant=workspace.id)
        flush()
    query = "SELECT slo_sum(hist), sum(sum_ms) FROM slo_sliminute WHERE sli = 'api_latency_p95' AND tenant_id = %s"
    ((hist, sum_ms),) = run_sql(query, [workspace.id], tenant=workspace.id)
    assert hist == [0, 0, 2] + [0] * 9 + [2]
    assert sum_ms == pytest.approx(2 * 20 + 2 * 99_000)


def test_a_workspace_that_is_gone_counts_no_more_and_loses_nobody_elses(workspace: Workspace) -> None:
    answer(tenant=uuid.uuid4())
    answer(tenant=workspace.id)
    flush()
    assert counted("availability", workspace.id) == (1, 1)


def test_a_month_is_rolled_up_by_one_statement(workspace: Workspace) -> None:
    fill = """INSERT INTO slo_sliminute (id, tenant_id, sli, minute, good, valid, synthetic, sum_ms)
    SELECT gen_random_uuid(), %s, 'availability', m, 9, 10, 0, 0
    FROM generate_series('2020-01-01 00:00+00'::timestamptz, '2020-01-31 23:59+00', '1 minute') m"""
    run_sql(fill, [workspace.id], role="superuser")
    for _ in range(2):
        run_sql("SELECT slo_roll_up('2020-01-01')", role="worker")
        days = (
            "SELECT day, good::int, valid::int FROM slo_sliday WHERE tenant_id = %s AND day < '2020-02-01' ORDER BY 1"
        )
        rows = run_sql(days, [workspace.id], tenant=workspace.id)
        assert [(good, valid) for _, good, valid in rows] == [(12_960, 14_400)] * 31
    run_sql("DELETE FROM slo_sliminute WHERE tenant_id = %s", [workspace.id], role="superuser")


def test_nobody_writes_counts_past_the_function(workspace: Workspace) -> None:
    for statement in ("UPDATE slo_sliminute SET good = 0", "UPDATE slo_sliday SET good = 0"):
        with pytest.raises(Exception, match="permission denied"):
            run_sql(statement, tenant=workspace.id)
