"""A connection to addresses that were judged before, with one limit of time over all of it."""

import base64
import io
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.parse import SplitResult, unquote

from observability.outgoing.failures import NoAnswer, NotAllowed
from observability.outgoing.reach import Place


class Deadline:
    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Raises TimeoutError."""
        left = self.end - time.monotonic()
        if left <= 0:
            raise TimeoutError(f"it took more than {self.seconds:g} s")
        return left


class Reading(io.RawIOBase):
    """Each read has what is left of the time: who sends a byte now and then gains nothing by it."""

    def __init__(self, line: socket.socket, deadline: Deadline) -> None:
        self.line, self.deadline = line, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        self.line.settimeout(self.deadline.left)
        return self.line.recv_into(into)


class Timed:
    """What http.client wants of a socket to read an answer from it."""

    def __init__(self, line: socket.socket, deadline: Deadline) -> None:
        self.line, self.deadline = line, deadline

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(Reading(self.line, self.deadline))


def opened(found: Sequence[Place], deadline: Deadline) -> socket.socket:
    """To the first that takes it; each may use up its part of the time. Raises OSError."""
    failed: OSError = OSError("no address")
    for place, waiting in zip(found, range(len(found), 0, -1), strict=True):
        line = socket.socket(place.family, socket.SOCK_STREAM)
        try:
            line.settimeout(deadline.left / waiting)
            line.connect(place.to)
        except OSError as error:
            line.close()
            failed = error
        else:
            return line
    raise failed


@contextmanager
def closed_by_failure(line: socket.socket) -> Iterator[None]:
    try:
        yield
    except BaseException:
        line.close()
        raise


def lead_on(line: socket.socket, proxy: SplitResult, to: str, deadline: Deadline) -> None:
    """Has a proxy connect to `to` (host:port). Raises NoAnswer, OSError."""
    lines = [f"CONNECT {to} HTTP/1.1", f"Host: {to}"]
    if proxy.username:
        known = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
        lines.append(f"Proxy-Authorization: Basic {base64.b64encode(known.encode()).decode()}")
    line.settimeout(deadline.left)
    line.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("ascii"))
    answer = begun(line, "CONNECT", deadline)
    if answer.status != 200:
        raise NoAnswer(f"The proxy {proxy.hostname} does not connect to {to}: it answers {answer.status}.")


def begun(line: socket.socket, method: str, deadline: Deadline) -> HTTPResponse:
    """An answer whose head was read."""
    answer = HTTPResponse(Timed(line, deadline), method=method)  # type: ignore[arg-type]  # it asks for nothing else
    answer.begin()
    return answer


def body_of(answer: HTTPResponse, largest: int) -> bytes:
    """Raises NotAllowed, HTTPException, OSError."""
    body = answer.read(largest + 1)
    if len(body) > largest or (answer.length or 0) > largest:
        raise NotAllowed(f"The answer is larger than {largest:,} bytes.")
    if answer.length:
        raise HTTPException(f"the answer ended {answer.length:,} bytes early")
    return body
