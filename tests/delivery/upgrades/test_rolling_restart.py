"""The processes of a running installation are replaced one by one under people who work: they notice nothing."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Running
from tests.delivery.upgrades.load import at_work, until
from tika.cli.environment import ROOT
from tika.cli.rolling import ANSWERED, ASKED, SIGNAL


@pytest.fixture(scope="module")
def tika(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("tika") / "data", "--no-demo", TIKA_BACKUPS="off").ready()
    yield running
    assert running.stop() == 0
    assert running.left_behind() == []


def roll(tika: Running, number: int, **request: Any) -> dict[str, Any]:
    (tika.folder / ASKED).write_text(json.dumps({"id": number, **request}))
    tika.process.send_signal(SIGNAL)
    until = time.monotonic() + 120
    while True:
        assert time.monotonic() < until, tika.said()
        time.sleep(0.1)
        try:
            answer: dict[str, Any] = json.loads((tika.folder / ANSWERED).read_text())
        except (OSError, ValueError):
            continue
        if answer["id"] == number:
            return answer


def test_a_rolling_restart_loses_no_request_and_no_write(tika: Running) -> None:
    before = {name: tika.number_of(name) for name in ("web", "live", "worker", "postgres")}
    with at_work(tika) as load:
        for number in range(1, 3):
            answer = roll(tika, number)
            assert answer["ok"], answer
        working = len(load.answered)
        time.sleep(1)
    assert load.failed == []
    assert load.lost() == set()
    assert len(load.answered) > working
    assert load.streams >= 3
    after = {name: tika.number_of(name) for name in before}
    assert after.pop("postgres") == before.pop("postgres")
    assert not set(after.values()) & set(before.values())
    print(json.dumps({"writes": len(load.answered), "reads": load.reads, "slowest_s": round(load.slowest, 2)}))


def test_a_release_that_does_not_start_leaves_everything_as_it_was(tika: Running, tmp_path: Path) -> None:
    """Its web ends at once; nobody notices, and the answer says what it said."""
    broken = tmp_path / "broken"
    (broken / "tika").mkdir(parents=True)
    (broken / ".venv").symlink_to(ROOT / ".venv")
    (broken / "tika" / "gunicorn_web.py").write_text("raise SystemExit('this release is broken')")
    before = {name: tika.number_of(name) for name in ("web", "live", "worker")}
    with at_work(tika, writers=2, readers=1) as load:
        answer = roll(tika, 7, root=str(broken))
    assert not answer["ok"]
    assert "The new web does not start" in answer["said"]
    assert load.failed == []
    assert load.lost() == set()
    assert {name: tika.number_of(name) for name in before} == before


def test_killed_processes_come_back_and_lose_no_acknowledged_write(tika: Running) -> None:
    """kill -9 of each process in turn, under load; what was answered is there. (PostgreSQL: tests/chaos.)"""
    with at_work(tika) as load:
        for name in ("web", "live", "worker", "exporter"):
            number = tika.number_of(name)
            os.kill(number, signal.SIGKILL)
            tika.until(f"{name} was killed by SIGKILL; it is started again")
            until(lambda: answers(tika), seconds=120)
    assert load.lost() == set()
    assert len(load.answered) > 20
    # Requests that were in the hands of the killed one fail; afterwards all are served again.
    failed = len(load.failed)
    assert load.ask("GET", f"/api/boards/{load.board}/snapshot")["tickets"]
    assert len(load.failed) == failed


def answers(tika: Running) -> bool:
    try:
        return tika.status() == 200
    except OSError:
        return False
