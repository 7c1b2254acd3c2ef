"""A real Prometheus fetches from a real bin/run, and says exactly what was asked of it."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest

from tests.cli.running import Running, free_port, refusal
from tests.delivery.monitoring.queries import RULES, metrics_of, panels, rules
from tests.observability.fetching import fetch, series, total
from tests.tools import debian
from tika.cli.process import die_with_parent

# Absent until there is something to tell of.
CONDITIONAL = {
    "http_error_rate",
    "backup_age_seconds",
    "backup_unprotected_seconds",
    "tika_last_restore_verified_timestamp_seconds",
    "slo_events_total",
    "slo_error_budget_remaining_ratio",
    "db_pool_wait_seconds_bucket",
}
REQUESTS = 500


class Prometheus:
    def __init__(self, folder: Path, target: int) -> None:
        self.port = free_port()
        rule_files = json.dumps([str(path) for path in RULES])
        (folder / "prometheus.yml").write_text(
            "global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
            f"rule_files: {rule_files}\n"
            "scrape_configs:\n"
            f"- {{job_name: tika, static_configs: [{{targets: ['127.0.0.1:{target}']}}]}}\n"
        )
        command = [
            debian("prometheus"),
            f"--config.file={folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={folder / 'tsdb'}",
            f"--web.listen-address=127.0.0.1:{self.port}",
            "--log.level=warn",
        ]
        self.process = subprocess.Popen(command, cwd=folder, preexec_fn=die_with_parent(signal.SIGKILL))

    def get(self, path: str, **question: str) -> list[dict[str, object]]:
        assert self.process.poll() is None
        address = f"http://127.0.0.1:{self.port}/api/v1/{path}?{urllib.parse.urlencode(question)}"
        with urllib.request.urlopen(address, timeout=10) as answer:
            found: list[dict[str, object]] = json.load(answer)["data"]["result"]
        return found

    def value(self, query: str) -> float:
        """NaN where there is none, which is no number a test waits for."""
        try:
            found = self.get("query", query=query)
        except OSError:
            return float("nan")
        return float(found[0]["value"][1]) if found else float("nan")  # type: ignore[index]

    def until(self, query: str, wanted: float, *, seconds: float = 40) -> None:
        end = time.monotonic() + seconds
        while (found := self.value(query)) != wanted:
            assert time.monotonic() < end, f"{query} is {found}, not {wanted}"
            time.sleep(0.3)


@pytest.fixture(scope="module")
def tika(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("tika"), METRICS_PORT=str(free_port())).ready()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def port(tika: Running) -> int:
    line = next(line for line in tika.lines if "metrics: " in line)
    assert line.strip() == f"metrics: http://127.0.0.1:{tika.environ['METRICS_PORT']}/metrics"
    port = int(tika.environ["METRICS_PORT"])
    until(lambda: knows_everything(port))
    return port


def knows_everything(port: int) -> bool:
    found = [value for (name, _), value in series(port).items() if name == "exporter_fact_up"]
    return len(found) > 6 and all(found)


@pytest.fixture(scope="module")
def prometheus(port: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prometheus]:
    running = Prometheus(tmp_path_factory.mktemp("prometheus"), port)
    yield running
    running.process.kill()
    running.process.wait()


def until(true: Callable[[], bool], *, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.2)


def ask(tika: Running, requests: int) -> None:
    connection = HTTPConnection("127.0.0.1", tika.port, timeout=30)
    while requests:
        try:
            connection.request("GET", "/livez")
            requests -= connection.getresponse().read() == b"ok"
        except (OSError, HTTPException):
            connection.close()
    connection.close()


def test_prometheus_counts_what_was_asked_also_after_web_was_killed(tika: Running, prometheus: Prometheus) -> None:
    count = 'sum(http_request_total{path="livez",status="200"})'
    ask(tika, REQUESTS)
    prometheus.until(count, REQUESTS)
    web = tika.number_of("web")
    os.kill(web, signal.SIGKILL)
    until(lambda: tika.number_of("web") != web)
    tika.until_ready_again()
    ask(tika, REQUESTS)
    prometheus.until(count, 2 * REQUESTS)
    assert prometheus.value('sum(resets(http_request_total{path="livez"}[5m]))') == 0
    assert prometheus.value("up") == 1


def test_what_every_rule_and_panel_reads_is_on_a_live_page(tika: Running, port: int) -> None:
    (tika.folder / "last_backup").write_text("2026-11-25T03:00:00Z")
    asked = [rule["expr"] for rule in rules()] + [query for _, _, query in panels()]
    wanted = {name for query in asked for name in metrics_of(query) if ":" not in name} - {"up"}
    missing = wanted - {name for name, _ in series(port)}
    assert missing <= CONDITIONAL


def test_prometheus_evaluates_every_rule(prometheus: Prometheus) -> None:
    address = f"http://127.0.0.1:{prometheus.port}/api/v1/rules"
    until(lambda: prometheus.value("slo:objective:ratio") > 0)
    with urllib.request.urlopen(address, timeout=10) as answer:
        groups = json.load(answer)["data"]["groups"]
    assert [rule for group in groups for rule in group["rules"] if rule["health"] == "err"] == []


def test_a_wellbehaved_installation_alarms_nobody_about_itself(prometheus: Prometheus) -> None:
    assert prometheus.get("query", query='ALERTS{alertname=~"TikaDown|TikaFact.*|TikaPool.*|TikaMetrics.*"}') == []


def test_the_demo_boards_tickets_are_counted_by_status(port: int) -> None:
    found = series(port)
    assert total(found, "tickets_by_status") > 0
    assert total(found, "tickets_by_status", status="done") > 0


def test_every_kind_of_process_counts(port: int) -> None:
    found = series(port)
    for process in ("web", "live", "worker"):
        assert total(found, "db_pool_limit_connections", process=process) > 0
    assert total(found, "worker_rounds_total", result="ok") > 0


def test_who_holds_the_port_open_and_says_nothing_keeps_nobody_from_anything(tika: Running, port: int) -> None:
    """A Prometheus that hangs, or is gone in the middle of a fetch."""
    silent = [socket.create_connection(("127.0.0.1", port)) for _ in range(30)]
    for number, one in enumerate(silent):
        if number % 2:
            one.sendall(b"GET /metrics HTTP/1.1\r\n")
    ask(tika, 50)
    assert fetch(port)[0] == 200
    for one in silent:
        one.close()


def test_the_boards_port_serves_no_numbers(tika: Running) -> None:
    assert tika.status("/metrics") in (302, 404)


def test_a_taken_port_is_refused_and_an_impossible_one(port: int, tmp_path: Path) -> None:
    said = refusal(TIKA_DATA_DIR=str(tmp_path), PORT="0", METRICS_PORT=str(port))
    assert said.startswith(f"Metrics can't be served on 127.0.0.1 port {port}")
    assert "TIKA_METRICS=off" in said
    assert refusal(TIKA_DATA_DIR=str(tmp_path), PORT="0", METRICS_PORT="many").startswith("METRICS_PORT is 'many'")
