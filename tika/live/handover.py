"""The gunicorn worker of `web`: a request for an event stream leaves for the `live` process, its connection with it."""

import os
import re
import socket
import time
from typing import Any

from gunicorn import util
from gunicorn.workers.gthread import ThreadWorker

from tika.live.answers import unavailable
from tika.live.wire import LENGTH, READY, TIMEOUT, YOURS

EVENTS = re.compile(r"(?:/[\w-]+)?/api/boards/[\w-]+/events", re.ASCII)
# What concerns the connection or a body. The connection serves nothing after the stream, and a stream's request has no body.
HOP_BY_HOP = frozenset(
    "CONNECTION CONTENT-LENGTH EXPECT KEEP-ALIVE PROXY-CONNECTION TE TRAILER TRANSFER-ENCODING UPGRADE".split()
)


class Worker(ThreadWorker):  # type: ignore[misc]
    """gthread, except that event streams go to `live`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.handover_path = os.environ.get("TIKA_LIVE_HANDOVER", "")
        self.silent_until = 0.0

    def handle_request(self, req: Any, conn: Any) -> bool:
        if self.handover_path and req.method == "GET" and not self.cfg.is_ssl and EVENTS.fullmatch(req.path):
            self.hand_over(req, conn)
            return False
        return bool(super().handle_request(req, conn))

    def hand_over(self, req: Any, conn: Any) -> None:
        try:
            if time.monotonic() < self.silent_until:
                raise TimeoutError
            give(conn.sock, head_of(req), self.handover_path)
        except OSError as error:
            if isinstance(error, TimeoutError) and time.monotonic() >= self.silent_until:
                # A hung process still accepts: without this each reconnecting client would hold a thread for TIMEOUT.
                self.silent_until = time.monotonic() + TIMEOUT
            self.log.warning("No answer from live at %s: %r", self.handover_path, error)
            util.write(conn.sock, unavailable(dict(req.headers)))

    def finish_request(self, conn: Any, fs: Any) -> None:
        if conn.sock.fileno() == -1:
            # Handed over. The usual road would shut the connection down.
            self.nr_conns -= 1
            return
        super().finish_request(conn, fs)


def head_of(req: Any) -> bytes:
    """The request's head as it came, without what was meant for this connection only."""
    target = f"{req.path}?{req.query}" if req.query else req.path
    lines = [f"GET {target} HTTP/{req.version[0]}.{req.version[1]}"]
    lines += [f"{name}: {value}" for name, value in req.headers if name.upper() not in HOP_BY_HOP]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def give(client: socket.socket, head: bytes, path: str) -> None:
    """Gives the connection to `live` and closes the caller's copy; an OSError means that it is still the caller's."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as live:
        live.settimeout(TIMEOUT)
        live.connect(path)
        message = LENGTH.pack(len(head)) + head
        sent = socket.send_fds(live, [message], [client.fileno()])
        live.sendall(message[sent:])
        if live.recv(1) != READY:
            raise ConnectionAbortedError("live hung up")
        client.close()
        try:
            live.sendall(YOURS)
        except OSError:
            # It died just now, and the connection with it; the client comes back by itself.
            return
