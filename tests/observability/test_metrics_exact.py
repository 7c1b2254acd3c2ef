"""Four real workers, real requests: the fetch says exactly how many, whatever became of the workers."""

import os
import signal
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.observability.fetching import Counted, fetch, is_gone, series, total, until

WORKERS = 4


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counted]:
    found = Counted(tmp_path_factory.mktemp("counted"), TIKA_WEB_WORKERS=str(WORKERS))
    yield found
    found.web.stop()


def test_ten_thousand_requests_are_ten_thousand(counted: Counted) -> None:
    before = series(counted.metrics)
    counted.ask(10_000)
    after = series(counted.metrics)
    path = {"method": "GET", "path": "livez"}
    for name, labels in (
        ("http_request_total", {"status": "200"}),
        ("http_request_duration_ms_count", {"status": "2xx"}),
        ("http_request_duration_ms_bucket", {"status": "2xx", "le": "+Inf"}),
        ("http_server_request_duration_seconds_count", {"status": "2xx"}),
    ):
        assert total(after, name, **path, **labels) - total(before, name, **path, **labels) == 10_000
    ms, seconds = (
        total(after, f"{name}_sum") for name in ("http_request_duration_ms", "http_server_request_duration_seconds")
    )
    assert ms == pytest.approx(seconds * 1000)


def test_three_killed_workers_take_no_count_along(counted: Counted) -> None:
    before = counted.asked()
    counted.ask(300)
    killed = counted.workers()[:3]
    for worker in killed:
        os.kill(worker, signal.SIGKILL)
    until(lambda: all(map(is_gone, killed)) and len(counted.workers()) == WORKERS)
    assert counted.asked() - before == 300
    counted.ask(300)
    assert counted.asked() - before == 600


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Counted]:
    found = Counted(tmp_path, application="tests.observability.small_app", TIKA_WEB_WORKERS=str(WORKERS))
    yield found
    found.web.stop()


def test_fifty_recycled_workers_take_no_count_along(small: Counted) -> None:
    """While requests come and fetches look: the sum never falls."""
    recycle(small, 50)


def test_nor_do_those_of_the_real_application(counted: Counted) -> None:
    recycle(counted, 4)


def replaced(counted: Counted, old: set[int]) -> bool:
    workers = counted.workers()
    return len(workers) == WORKERS and not old & set(workers)


def recycle(counted: Counted, workers: int) -> None:
    seen: list[float] = []
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.1):
            seen.append(counted.asked())

    looking = threading.Thread(target=look)
    looking.start()
    before = counted.asked()
    asked, recycled = 0, set(counted.workers())
    while len(recycled) < WORKERS + workers:
        current = set(counted.workers())
        counted.web.signal(signal.SIGHUP)
        counted.ask(100)
        asked += 100
        until(partial(replaced, counted, current))
        recycled |= set(counted.workers())
    ended.set()
    looking.join()
    assert seen == sorted(seen)
    assert counted.asked() - before == asked
    assert len(list(counted.pages.iterdir())) <= 200


def test_a_hundred_thousand_addresses_add_no_series(counted: Counted) -> None:
    """Asked as far as time allows; what they become is the same for each: see test_metrics_series.py."""
    counted.ask(1, "/nothing/of/this/kind")
    before = len(series(counted.metrics))
    for number in range(100):
        counted.ask(1, f"/{number}/{os.urandom(4).hex()}", clients=1)
    assert len(series(counted.metrics)) == before


def test_nothing_but_numbers_is_served_there_and_no_numbers_by_the_web(counted: Counted) -> None:
    assert fetch(counted.metrics, "/")[0] == 404
    assert fetch(counted.metrics, "/api/health")[0] == 404
    assert fetch(counted.web.port, "/metrics")[0] == 404
