"""The gunicorn worker of `web`: a request for an event stream leaves for `live`, its connection with it; who sends a
body that nobody reads is heard out."""

import os
import re
import socket
import time
from typing import Any

from gunicorn import util

from tika.even_load import NOBODY, EvenWorker
from tika.live.wire import LENGTH, READY, TIMEOUT, YOURS

EVENTS = re.compile(r"(?:/[\w-]+)?/api/boards/[\w-]+/events", re.ASCII)
# About the connection, which serves nothing after the stream, or about a body, which a stream's request lacks.
NOT_PASSED_ON = re.compile(
    r"connection|content-length|expect|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade", re.I
)
# How much of a body that was refused unread is taken in.
UNREAD_BYTES = 64 * 1024 * 1024
UNREAD_SECONDS = 10.0
# Until whoever takes a stopped `live`'s place listens, in seconds.
SUCCESSOR = 0.1


class Worker(EvenWorker):
    """gthread, except that event streams go to `live`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.handover_path = os.environ.get("TIKA_LIVE_HANDOVER", "")
        self.silent_until = 0.0

    def set_accept_enabled(self, enabled: bool) -> None:
        """Who has come by the time we stop is served, and who comes later is refused at once and may go elsewhere: by
        gunicorn's own way they wait at a door nobody opens, and are hung up on in the end."""
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in self.sockets:
            served = NOBODY
            while served != self.nr_conns:
                served = self.nr_conns
                self.accept(listener)
            listener.close()

    def handle_request(self, req: Any, conn: Any) -> bool:
        if self.handover_path and req.method == "GET" and not self.cfg.is_ssl and EVENTS.fullmatch(req.path):
            self.hand_over(req, conn)
            return False
        again = bool(super().handle_request(req, conn))
        # Who still sends when the connection is closed hears of a broken pipe, and not what was answered.
        heard = conn.parser.finish_body(deadline=time.monotonic() + UNREAD_SECONDS, max_bytes=UNREAD_BYTES)
        return again and bool(heard)

    def hand_over(self, req: Any, conn: Any) -> None:
        started = time.monotonic()
        try:
            if time.monotonic() < self.silent_until:
                raise ConnectionAbortedError("live was silent a moment ago")
            give_again(conn.sock, head_of(req), self.handover_path)
        except OSError as error:
            if isinstance(error, TimeoutError):
                # A hung process still accepts: each client that comes back would hold a thread for as long.
                self.silent_until = time.monotonic() + TIMEOUT
            self.log.warning("No answer from live at %s: %r", self.handover_path, error)
            util.write(conn.sock, unavailable(req, conn.client, time.monotonic() - started))

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
    lines += [f"{name}: {value}" for name, value in req.headers if not NOT_PASSED_ON.fullmatch(name)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def give_again(client: socket.socket, head: bytes, path: str) -> None:
    """A `live` that stops hangs up on those it had not heard yet; its successor listens at the same place already."""
    try:
        give(client, head, path)
    except ConnectionError:
        time.sleep(SUCCESSOR)
        give(client, head, path)


def give(client: socket.socket, head: bytes, path: str) -> None:
    """Gives the connection to `live` and closes the caller's copy; after an OSError it still is the caller's."""
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


def unavailable(req: Any, client: Any, seconds: float) -> bytes:
    # gunicorn loads its worker class before Django is set up.
    from observability.logs.context import about
    from observability.middleware import write_line
    from tenancy.errors import Unavailable
    from tika.live.answers import plain_http
    from tika.live.request import EVENTS, language_of, request_of

    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in req.headers]
    scope = {"type": "http", "method": req.method, "path": req.path, "query_string": b"", "headers": headers}
    request = request_of({**scope, "client": client if isinstance(client, tuple) else None})
    before = about.set(request.about)  # type: ignore[attr-defined]
    write_line("GET", EVENTS, Unavailable.status, seconds)
    about.reset(before)
    return plain_http(Unavailable(), request_id=request.id, language=language_of(request))  # type: ignore[attr-defined]
