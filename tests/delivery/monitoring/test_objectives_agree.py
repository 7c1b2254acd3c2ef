"""What Tika counts for itself and what a real Prometheus makes of it, on the same traffic with its outages."""

import os
import signal
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException

import pytest

from observability.slo.objective import objectives
from tests.cli.running import Running, free_port
from tests.delivery.monitoring.test_real_prometheus import Prometheus, until
from tests.observability.fetching import series, total

TARGET = objectives().named("availability").target
FAILED, SERVED = 200, 2_000


@pytest.fixture(scope="module")
def tika(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Nobody asks it but the test."""
    folder = tmp_path_factory.mktemp("agree")
    running = Running(folder, METRICS_PORT=str(free_port()), TIKA_PROBE_URL="").ready()
    yield running
    running.stop()


def counters(tika: Running) -> tuple[float, float]:
    """(served, failed) of what counts, since the start."""
    found = series(int(tika.environ["METRICS_PORT"]))
    served = failed = 0.0
    for (name, labels), value in found.items():
        told = dict(labels)
        if name == "http_request_total" and told["path"] not in ("livez", "readyz", "startupz", "beacon"):
            failed += value if told["status"].startswith("5") or told["status"] == "499" else 0
            is_answer = told["status"][0] in "23" and told["path"] not in ("__unmatched__", "static/")
            served += value if is_answer else 0
    return served, failed


def ask(tika: Running, *, until_failed: int = 0, times: int = 0) -> None:
    """Whether it can serve, and an address that nobody serves; the database is killed until enough has failed."""
    connection, failed, asked, killed = HTTPConnection("127.0.0.1", tika.port, timeout=30), 0, 0, 0.0
    while failed < until_failed or asked < times:
        if failed < until_failed and time.monotonic() - killed > 8:
            os.kill(tika.number_of("postgres"), signal.SIGQUIT)
            killed = time.monotonic()
        try:
            for path in ("/api/health", "/api/nobody/serves/this"):
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
                failed += answer.status == 503
            asked += 1
        except (OSError, HTTPException):
            connection.close()
    connection.close()


def own_share(tika: Running) -> float | None:
    """Of failures, from the budget that Tika says is left."""
    found = series(int(tika.environ["METRICS_PORT"]))
    names = {
        dict(labels).get("slo"): value for (name, labels), value in found.items() if name.startswith("slo_error_b")
    }
    left = names.get("availability")
    return None if left is None else (1 - left) * (1 - TARGET)


def test_tika_and_prometheus_agree_within_one_per_cent(tika: Running, tmp_path_factory: pytest.TempPathFactory) -> None:
    prometheus = Prometheus(tmp_path_factory.mktemp("agree-prometheus"), int(tika.environ["METRICS_PORT"]))
    try:
        # A series that Prometheus meets says nothing of what was before: failures first, then answers.
        ask(tika, until_failed=1)
        tika.until_ready_again(seconds=60)
        ask(tika, times=5)
        served_before, failed_before = counters(tika)
        asked = total(series(int(tika.environ["METRICS_PORT"])), "http_request_total", path="api/health")
        prometheus.until('sum(http_request_total{path="api/health"})', asked, seconds=60)
        ask(tika, until_failed=FAILED, times=SERVED)
        tika.until_ready_again(seconds=60)
        ask(tika, times=10)
        served, failed = counters(tika)
        share = failed / (served + failed)
        until(lambda: own_share(tika) == pytest.approx(share, rel=1e-4), seconds=120)
        seen = (failed - failed_before) / (served + failed - served_before - failed_before)
        # The window that holds all of it, however slow the machine.
        theirs = 'slo:sli_error:ratio_rate30m{slo="availability"}'
        until(lambda: prometheus.value(theirs) == pytest.approx(seen, rel=0.01), seconds=30)
    finally:
        prometheus.process.kill()
        prometheus.process.wait()


def test_mistakes_of_clients_are_in_neither(tika: Running) -> None:
    before = counters(tika)
    connection = HTTPConnection("127.0.0.1", tika.port, timeout=30)
    for _ in range(50):
        connection.request("GET", "/api/nobody/serves/this")
        assert connection.getresponse().read()
    connection.close()
    assert counters(tika) == before
    assert total(series(int(tika.environ["METRICS_PORT"])), "http_request_total", status="404") >= 50
