"""PostgreSQL is killed under people who write: what was answered is there, and nothing is there by half."""

import http.client
import json
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Running

OWNER = "olga@example.com"
WRITERS, KILLS = 4, 3


@dataclass
class Writer:
    """Creates tickets with a label one after the other, and keeps what was answered."""

    port: int
    token: str
    column: str
    label: str
    stopped: threading.Event
    answered: dict[str, dict[str, Any]] = field(default_factory=dict)
    failed: int = 0

    def write(self) -> None:
        while not self.stopped.is_set():
            try:
                status, made = call(self.port, self.token, "POST", "/api/tickets", self.body())
            except (OSError, http.client.HTTPException):
                status, made = 0, {}
            if status == 201:
                self.answered[made["id"]] = made
            else:
                assert status in {0, 500, 503}, made
                self.failed += 1
                self.stopped.wait(0.05)

    def body(self) -> dict[str, Any]:
        return {"title": f"n{len(self.answered)}", "column": self.column, "labels": [self.label]}


def call(port: int, token: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    connection.request(method, path, json.dumps(body) if body else None, headers)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response.status, json.loads(content)


@pytest.fixture
def tika(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path, "--no-demo").ready()
    yield running
    running.stop()


def token_of(tika: Running) -> str:
    assert tika.manage("create_workspace", "--name", "Acme", "--slug", "acme", "--owner", OWNER).returncode == 0
    done = tika.manage("create_token", "--email", OWNER, "--workspace", "acme", "--scopes", "write")
    return done.stdout.strip()


def kill_postgres(tika: Running) -> None:
    number = tika.number_of("postgres")
    os.kill(number, signal.SIGKILL)
    tika.until("postgres was killed by SIGKILL; it is started again")
    tika.until_ready_again(seconds=120)


@pytest.mark.slow
def test_what_was_answered_is_there_and_nothing_by_half(tika: Running) -> None:
    port, token = tika.port, token_of(tika)
    board = call(port, token, "POST", "/api/boards", {"name": "Operations"})[1]["id"]
    column = call(port, token, "GET", f"/api/columns?board={board}")[1]["items"][0]["id"]
    label = call(port, token, "POST", "/api/labels", {"board": board, "name": "bug"})[1]
    stopped = threading.Event()
    writers = [Writer(port, token, column, label["id"], stopped) for _ in range(WRITERS)]
    threads = [threading.Thread(target=writer.write) for writer in writers]
    for thread in threads:
        thread.start()
    for _ in range(KILLS):
        before = sum(len(writer.answered) for writer in writers)
        while sum(len(writer.answered) for writer in writers) < before + 20:
            assert any(thread.is_alive() for thread in threads)
            stopped.wait(0.02)
        kill_postgres(tika)
    stopped.set()
    for thread in threads:
        thread.join(60)

    snapshot = call(port, token, "GET", f"/api/boards/{board}/snapshot")[1]
    there = {row[0]: row for row in snapshot["tickets"]}
    answered = {ticket: made for writer in writers for ticket, made in writer.answered.items()}
    assert sum(writer.failed for writer in writers) > 0
    assert answered.keys() <= there.keys()
    for ticket, made in answered.items():
        assert there[ticket][1:3] == [made["number"], made["title"]]
    # Those nobody heard of are whole as well: with label, number and entry.
    assert all(row[5] == [label["number"]] for row in there.values())
    assert sorted(row[1] for row in there.values()) == list(range(1, len(there) + 1))
    told = call(port, token, "GET", f"/api/boards/{board}/changes?since=0")[1]
    assert told["version"] == snapshot["version"]
    for ticket in there:
        history = call(port, token, "GET", f"/api/tickets/{ticket}/history")[1]["items"]
        assert [entry["action"] for entry in history] == ["CREATE"]
