"""A client of event streams, as little as it takes."""

import http.client
import json
import queue
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from django.conf import settings

from tests.cast import Person, Scene

SECONDS = 5.0


def events(board: Scene, since: int | None = None) -> str:
    return f"/api/boards/{board.id}/events" + (f"?since={since}" if since is not None else "")


def bearer(person: Person) -> dict[str, str]:
    return {"Authorization": f"Bearer {person.token}"}


def cookie(person: Person) -> dict[str, str]:
    return {"Cookie": f"{settings.SESSION_COOKIE_NAME}={person.session_key}"}


def head_of(path: str, person: Person, *lines: str, version: str = "1.1") -> bytes:
    """A request as bytes, for clients that don't behave."""
    first = [f"GET {path} HTTP/{version}", "Host: localhost", f"Authorization: Bearer {person.token}"]
    return "\r\n".join([*first, *lines, "", ""]).encode()


@dataclass(frozen=True)
class Event:
    name: str
    data: Any
    id: str
    size: int
    at: float


class Stream:
    """Opens `path` and reads events in a thread of its own."""

    def __init__(
        self,
        port: int,
        path: str,
        headers: dict[str, str] | None = None,
        *,
        connection: http.client.HTTPConnection | None = None,
    ) -> None:
        self.connection = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.connection.request("GET", path, headers={"Accept": "text/event-stream", **(headers or {})})
        # A response that closes its connection takes the socket out of it.
        assert self.connection.sock is not None
        self.socket: socket.socket = self.connection.sock
        self.response = self.connection.getresponse()
        self.status = self.response.status
        self.headers = {name.lower(): value for name, value in self.response.getheaders()}
        self.events: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self.pings = 0
        self.present: list[str] = []
        if self.status == 200:
            threading.Thread(target=self._read, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        # close() alone would wait for the thread that reads.
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.connection.close()

    def error(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.response.read())["error"]
        return found

    def next(self, name: str = "changes", *, seconds: float = SECONDS) -> Event:
        """The next event of this name; others are passed over."""
        return self.until(lambda event: event.name == name, seconds=seconds)

    def until(self, wanted: Callable[[Event], bool], *, seconds: float = SECONDS) -> Event:
        deadline = time.monotonic() + seconds
        seen: list[Event] = []
        while True:
            try:
                event = self.events.get(timeout=max(deadline - time.monotonic(), 0.001))
            except queue.Empty:
                raise AssertionError(f"nothing of that kind in {seconds} s, but {seen}") from None
            assert event is not None, f"the stream ended after {seen}"
            if wanted(event):
                return event
            seen.append(event)

    def presents(self, *names: str, seconds: float = SECONDS) -> bool:
        """Whether these people are told to be there, also by an event that another wait has passed over."""
        deadline = time.monotonic() + seconds
        while self.present != list(names) and time.monotonic() < deadline:
            time.sleep(0.02)
        return self.present == list(names)

    def follow(self, last: int) -> list[Event]:
        """All changes up to the version `last`."""
        told = [self.next()]
        while told[-1].data["version"] < last:
            told.append(self.next())
        return told

    def silent(self, name: str = "changes", *, seconds: float = 0.5) -> bool:
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                event = self.events.get(timeout=left)
            except queue.Empty:
                return True
            if event is None or event.name == name:
                return False
        return True

    def ended(self, *, seconds: float = SECONDS) -> bool:
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                if self.events.get(timeout=left) is None:
                    return True
            except queue.Empty:
                return False
        return False

    def _read(self) -> None:
        lines: list[str] = []
        size = 0
        with suppress(OSError, ValueError, http.client.HTTPException, AttributeError):
            while raw := self.response.readline():
                line, size = raw.decode().rstrip("\n"), size + len(raw)
                if line:
                    lines.append(line)
                    continue
                self._take(lines, size)
                lines, size = [], 0
        self.events.put(None)

    def _take(self, lines: list[str], size: int) -> None:
        fields = dict(line.split(": ", 1) for line in lines if not line.startswith(":"))
        self.pings += sum(line.startswith(":") for line in lines)
        if "data" in fields:
            data = json.loads(fields["data"])
            if fields["event"] == "presence":
                self.present = [person["name"] for person in data["people"]]
            self.events.put(Event(fields["event"], data, fields.get("id", ""), size, time.monotonic()))
