"""A receiver on loopback that keeps what arrives: a Sentry, or a collector of spans."""

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import brotli

UNPACK = {"gzip": gzip.decompress, "br": brotli.decompress}


class Receiver:
    """`bodies` are what was posted, unpacked, by path; it answers 200 and {}. `hold` keeps it from answering at all."""

    def __init__(self) -> None:
        self.bodies: list[tuple[str, bytes]] = []
        self.headers: list[dict[str, str]] = []
        self.arrived = threading.Semaphore(0)
        self.free = threading.Event()
        self.free.set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                packing = self.headers.get("Content-Encoding", "")
                body = UNPACK[packing](body) if packing else body
                receiver.bodies.append((self.path, body))
                receiver.headers.append(dict(self.headers.items()))
                receiver.arrived.release()
                receiver.free.wait(60)
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_: Any) -> None:
                """Nothing to say."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True

    @property
    def port(self) -> int:
        return int(self.server.server_address[1])

    def wait(self, count: int = 1, *, seconds: float = 20) -> bool:
        return all(self.arrived.acquire(timeout=seconds) for _ in range(count))


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()
    thread = threading.Thread(target=receiver.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.free.set()
        receiver.server.shutdown()
        receiver.server.server_close()
