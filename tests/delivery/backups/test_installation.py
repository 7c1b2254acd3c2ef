"""A real bin/run: to a moment between two writes, and what killed processes leave."""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.chaos.test_database_killed import Writer, call, kill_postgres, token_of
from tests.cli.running import PATIENCE, TIKA, Running, clean_environment


@pytest.fixture
def tika(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path / "data", "--no-demo", TIKA_WAL_STORE_SECONDS="1").ready()
    yield running
    running.stop()


def restore(tika: Running, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environ = clean_environment(TIKA_DATA_DIR=str(tika.folder))
    command = [*TIKA, "restore", *arguments]
    return subprocess.run(command, env=environ, capture_output=True, text=True, timeout=PATIENCE, check=False)


def wait_until_stored(tika: Running, at: datetime) -> None:
    until = time.monotonic() + 60
    while True:
        found = list((tika.folder / "backups" / "wal").glob("*/covered.json"))
        if found and datetime.fromisoformat(json.loads(found[0].read_text())["until"]) > at:
            return
        assert time.monotonic() < until, tika.said()
        time.sleep(0.2)


def column_of(port: int, token: str) -> str:
    board = call(port, token, "POST", "/api/boards", {"name": "Operations"})[1]["id"]
    return str(call(port, token, "GET", f"/api/columns?board={board}")[1]["items"][0]["id"])


def titles(port: int, token: str) -> set[str]:
    return {one["title"] for one in call(port, token, "GET", "/api/tickets?limit=100")[1]["items"]}


def write(port: int, token: str, column: str, title: str) -> datetime:
    assert call(port, token, "POST", "/api/tickets", {"title": title, "column": column})[0] == 201
    time.sleep(0.05)
    return datetime.now(UTC)


def test_a_moment_between_two_writes_comes_back_as_a_new_installation(tika: Running, tmp_path: Path) -> None:
    token = token_of(tika)
    column = column_of(tika.port, token)
    made = tika.manage("backup")
    assert made.returncode == 0, made.stdout + made.stderr
    between = write(tika.port, token, column, "before")
    after = write(tika.port, token, column, "after")
    wait_until_stored(tika, after)
    target = tmp_path / "restored"
    done = restore(tika, "--to", str(target), "--at", between.isoformat())
    assert done.returncode == 0, done.stdout + done.stderr
    # With the passwords and the signing key of its original: tokens are good in it, too.
    again = Running(target, "--no-demo", TIKA_WAL_STORE_SECONDS="1").ready()
    try:
        assert titles(again.port, token) == {"before"}
        assert titles(tika.port, token) == {"before", "after"}
        refused = restore(tika, "--to", str(target))
        assert f"{target} is not empty" in refused.stderr
    finally:
        again.stop()


def test_a_restore_that_cannot_be_leaves_nothing(tika: Running, tmp_path: Path) -> None:
    assert tika.manage("backup").returncode == 0
    for path in (tika.folder / "backups").rglob("base.tar.gz.age"):
        stored = bytearray(path.read_bytes())
        stored[len(stored) // 2] ^= 1
        path.write_bytes(stored)
    done = restore(tika, "--to", str(tmp_path / "restored"))
    assert done.returncode == 1
    assert "is damaged" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["data"]
    key = restore(tika, "--to", str(tmp_path / "restored"), "--key", str(tmp_path / "none.txt"))
    assert "name its file with --key" in key.stderr


def test_a_backup_that_was_killed_is_none_and_the_next_one_says_so(tika: Running) -> None:
    environ = clean_environment(TIKA_DATA_DIR=str(tika.folder))
    process = subprocess.Popen([*TIKA, "manage", "backup", "--kind=base"], env=environ, start_new_session=True)
    parts = tika.folder / "backups" / "base"
    until = time.monotonic() + 60
    while not list(parts.rglob("*.part")):
        assert process.poll() is None and time.monotonic() < until
        time.sleep(0.005)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert list(parts.rglob("manifest.json")) == []
    assert tika.manage("backup", "--list").stdout == ""
    # PostgreSQL notices that nobody reads any more, and the next one goes well.
    done = tika.manage("backup", "--kind=base")
    assert done.returncode == 0, done.stdout + done.stderr
    assert tika.status() == 200
    # Nor does the log stop when the process that receives it is killed.
    os.kill(tika.number_of("backup"), signal.SIGKILL)
    tika.until("backup was killed by SIGKILL; it is started again")
    wait_until_stored(tika, datetime.now(UTC))


def test_what_was_answered_is_in_the_store_however_often_postgresql_dies(tika: Running, tmp_path: Path) -> None:
    token = token_of(tika)
    column = column_of(tika.port, token)
    assert tika.manage("backup").returncode == 0
    board = call(tika.port, token, "GET", "/api/boards")[1]["items"][0]["id"]
    label = call(tika.port, token, "POST", "/api/labels", {"board": board, "name": "bug"})[1]["id"]
    stopped = threading.Event()
    writer = Writer(tika.port, token, column, label, stopped)
    thread = threading.Thread(target=writer.write)
    thread.start()
    for _ in range(2):
        before = len(writer.answered)
        while len(writer.answered) < before + 10:
            assert thread.is_alive()
            time.sleep(0.02)
        kill_postgres(tika)
    stopped.set()
    thread.join(60)
    wait_until_stored(tika, datetime.now(UTC))
    target = tmp_path / "restored"
    done = restore(tika, "--to", str(target))
    assert done.returncode == 0, done.stdout + done.stderr
    again = Running(target, "--no-demo").ready()
    try:
        snapshot = call(again.port, token, "GET", f"/api/boards/{board}/snapshot")[1]
    finally:
        again.stop()
    assert writer.answered.keys() <= {row[0] for row in snapshot["tickets"]}
    assert writer.failed
