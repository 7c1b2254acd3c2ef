"""`GET /metrics` on a port of its own, which no proxy of the application leads to."""

import socket
import threading
from collections.abc import Iterable
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import ThreadingWSGIServer, make_wsgi_app
from prometheus_client.registry import Collector

SECONDS = 10.0


class Handler(WSGIRequestHandler):
    timeout = SECONDS  # of a client that says nothing

    def log_message(self, format: str, *args: Any) -> None:
        """A fetch every few seconds is no news."""


class Server(ThreadingWSGIServer):
    def __init__(self, door: socket.socket, collector: Collector) -> None:
        super().__init__(door.getsockname()[:2], Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = door
        self.server_name, self.server_port = door.getsockname()[:2]
        self.setup_environ()
        registry = CollectorRegistry()
        registry.register(collector)
        exported = make_wsgi_app(registry)

        def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            if environ["PATH_INFO"] != "/metrics":
                start_response("404 Not Found", [("Content-Type", "text/plain")])
                return [b"/metrics\n"]
            try:
                return exported(environ, start_response)  # type: ignore[no-any-return]
            except OSError as error:
                # Prometheus notes a failed fetch; half of the numbers would look like a fall.
                start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
                return [f"{error}\n".encode()]

        self.set_app(application)

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, name="metrics", daemon=True).start()
