"""People at work while an installation is changed: they keep their connections, and nobody asks twice."""

import http.client
import json
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.cli.running import Running

OWNER = "olga@example.com"
# Between two requests of one person, in seconds.
PAUSE = 0.05
# How a proxy ends a stream on a connection that it keeps.
LAST_CHUNK = b"0\r\n\r\n"


@dataclass
class Load:
    """`failed` has a line for each request that was not served; `answered` the title of each ticket by its id."""

    # A connection to where people come in.
    open: Callable[[], http.client.HTTPConnection]
    token: str
    board: str
    column: str
    stopped: threading.Event = field(default_factory=threading.Event)
    failed: list[str] = field(default_factory=list)
    answered: dict[str, str] = field(default_factory=dict)
    reads: int = 0
    streams: int = 0
    slowest: float = 0.0

    def write(self, name: str) -> None:
        for number, connection in enumerate(self._turns()):
            title = f"{name} {number}"
            status, made = self.call(connection, "POST", "/api/tickets", {"title": title, "column": self.column})
            if status == 201:
                self.answered[made["id"]] = title

    def read(self, name: str) -> None:
        paths = [f"/api/boards/{self.board}/snapshot", "/api/boards", "/livez", "/accounts/login/"]
        for number, connection in enumerate(self._turns()):
            self.call(connection, "GET", paths[number % len(paths)])
            self.reads += 1

    def _turns(self) -> Iterator[http.client.HTTPConnection]:
        """One connection, as a proxy or a browser keeps it: opened again only when the server has said it closes it."""
        connection = self.open()
        while not self.stopped.wait(PAUSE):
            yield connection
        connection.close()

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        return self.call(self.open(), method, path, body)[1]

    def call(self, connection: http.client.HTTPConnection, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        began = time.monotonic()
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        try:
            connection.request(method, path, json.dumps(body) if body else None, headers)
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            self.failed.append(f"{method} {path}: {error!r}")
            connection.close()
            return 0, {}
        self.slowest = max(self.slowest, time.monotonic() - began)
        if response.status not in {200, 201, 302}:
            self.failed.append(f"{method} {path}: {response.status} {content[:200]!r}")
        return response.status, json.loads(content) if path.startswith("/api/") and content else {}

    def listen(self, name: str) -> None:
        """An event stream, opened again as a browser does when it ends."""
        while not self.stopped.is_set():
            connection = self.open()
            connection.connect()
            with connection.sock as client:
                lines = [f"GET /api/boards/{self.board}/events HTTP/1.1", f"Host: {connection.host}"]
                client.sendall("\r\n".join([*lines, f"Authorization: Bearer {self.token}", "", ""]).encode())
                said = client.recv(4096)
                if b" 200 " not in said.split(b"\r\n")[0]:
                    self.failed.append(f"stream: {said[:100]!r}")
                self.streams += 1
                self._until_it_ends(client)

    def _until_it_ends(self, client: socket.socket) -> None:
        client.settimeout(0.5)
        while not self.stopped.is_set():
            try:
                said = client.recv(65536)
                if not said or said.endswith(LAST_CHUNK):
                    return
            except TimeoutError:
                continue
            except ConnectionError as error:
                self.failed.append(f"stream: {error!r}")
                return

    def lost(self) -> set[str]:
        """Tickets that were acknowledged and are not there."""
        snapshot = self.ask("GET", f"/api/boards/{self.board}/snapshot")
        return set(self.answered) - {row[0] for row in snapshot["tickets"]}


@contextmanager
def at_work(tika: Running, *, writers: int = 2, readers: int = 2) -> Iterator[Load]:
    with working(made(tika), writers=writers, readers=readers) as load:
        yield load


@contextmanager
def working(load: Load, *, writers: int, readers: int) -> Iterator[Load]:
    kinds = [("write", writers), ("read", readers), ("listen", 1)]
    names = [(kind, f"{kind}{number}") for kind, count in kinds for number in range(count)]
    threads = [threading.Thread(target=getattr(load, kind), args=(name,), daemon=True) for kind, name in names]
    for thread in threads:
        thread.start()
    try:
        until(lambda: len(load.answered) > 10 and load.streams > 0)
        yield load
    finally:
        load.stopped.set()
        for thread in threads:
            thread.join(60)


def made(tika: Running) -> Load:
    """A token, a board and its first column."""
    slug = f"acme-{secrets.token_hex(3)}"
    done = tika.manage("create_workspace", "--name", "Acme", "--slug", slug, "--owner", OWNER)
    assert done.returncode == 0, done.stderr
    token = tika.manage("create_token", "--email", OWNER, "--workspace", slug, "--scopes", "write").stdout.strip()
    return on_a_board(Load(lambda: http.client.HTTPConnection("127.0.0.1", tika.port, timeout=60), token, "", ""))


def on_a_board(load: Load) -> Load:
    load.board = load.ask("POST", "/api/boards", {"name": "Operations"})["id"]
    load.column = load.ask("GET", f"/api/columns?board={load.board}")["items"][0]["id"]
    return load


def until(true: Callable[[], bool], *, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)
