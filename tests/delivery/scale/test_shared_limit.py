"""Machines that share a Redis share the limit of requests; without it each goes on by itself."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pytest_django import Settings

from tenancy import rate_limit
from tenancy import shared_meter as shared_meter_module
from tenancy.rate_limit import Meter, shared_meter
from tenancy.shared_meter import PAUSE, SharedMeter
from tests.cast import Person
from tests.shared_redis import RedisServer

MACHINES, EACH, LIMIT = 4, 400, 600


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A busy machine must not look like a Redis that hangs."""
    monkeypatch.setattr(shared_meter_module, "PATIENCE", 2)


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path)
    yield server
    server.kill()


def admitted(address: str) -> int:
    meter = SharedMeter(address)
    return sum(found.wait == 0 for _ in range(EACH) if (found := meter.count(7, LIMIT)))


def test_machines_admit_together_what_one_would(redis: RedisServer) -> None:
    started = time.monotonic()
    with ThreadPoolExecutor(MACHINES) as machines:
        total = sum(machines.map(admitted, [redis.address] * MACHINES))
    came_back = (time.monotonic() - started) * LIMIT / 60
    assert LIMIT <= total <= LIMIT + came_back + 1


def test_it_counts_as_the_memory_of_one_machine_does(redis: RedisServer) -> None:
    alone, shared = Meter(), SharedMeter(redis.address)
    for _ in range(6):
        mine, theirs = alone.count(9, 5, now=100), shared.count(9, 5)
        assert theirs is not None
        assert (theirs.limit, theirs.remaining, theirs.wait > 0) == (mine.limit, mine.remaining, mine.wait > 0)
        assert theirs.reset == pytest.approx(mine.reset, abs=5)


@pytest.mark.parametrize("fault", ["kill", "hang"])
def test_without_redis_each_machine_counts_for_itself(
    redis: RedisServer, mia: Person, settings: Settings, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(rate_limit, "meter", Meter())
    settings.REDIS_URL, settings.API_REQUESTS_PER_MINUTE = redis.address, 4
    assert [mia.api.get("/api/boards").status_code for _ in range(5)] == [200] * 4 + [429]
    getattr(redis, fault)()
    assert [mia.api.get("/api/boards").status_code for _ in range(5)] == [200] * 4 + [429]
    # It is not asked again by every request, and soon enough.
    assert 0 < shared_meter(redis.address).away_until - time.monotonic() <= PAUSE


def test_it_is_asked_again_when_it_is_back(redis: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    meter = SharedMeter(redis.address)
    redis.kill()
    assert meter.count(3, 60) is None
    redis.start()
    assert meter.count(3, 60) is None
    meter.away_until = 0
    found = meter.count(3, 60)
    assert found is not None
    assert found.remaining == 59


def test_a_key_goes_when_the_caller_has_its_minute_again(redis: RedisServer) -> None:
    meter = SharedMeter(redis.address)
    meter.count(5, 60)
    (key,) = meter.redis.keys("*")
    assert key == b"tika:requests:0000000000000005"
    assert 0 < meter.redis.pttl(key) <= 2000
