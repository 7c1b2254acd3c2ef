"""A connection that the database ends between two requests, or in the middle of a request's BEGIN."""

import socket
import threading
from http.client import HTTPConnection
from pathlib import Path

from django.conf import settings

from tests.live import servers
from tests.live.proxy import Proxy

NAME = "tika that dies"
BEGUN = b"C\x00\x00\x00\x0aBEGIN\x00"


class Deadly(Proxy):
    """While `armed`, ends a connection whose BEGIN was done before PostgreSQL says that it is ready for more."""

    armed = threading.Event()

    def _told(self, data: bytes, source: socket.socket) -> bytes:
        if not self.armed.is_set() or not data.startswith(BEGUN):
            return data
        self.armed.clear()
        servers.end_connections(NAME)
        return BEGUN + source.recv(65536)


def ask(port: int) -> int:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/api/boards", headers={"Authorization": "Bearer tika_pat_guessed"})
    status = connection.getresponse().status
    connection.close()
    return status


def test_the_next_request_has_another_connection(tmp_path: Path) -> None:
    proxy = Deadly(tmp_path, settings.DATABASE_URL_DIRECT)
    proxy.open()
    port = servers.free_port()
    web = servers.web(tmp_path, port, DATABASE_URL=f"{proxy.url}&application_name={NAME}", TIKA_WEB_THREADS="1")
    try:
        assert ask(port) == 401
        assert servers.end_connections(NAME) > 0
        assert ask(port) == 401
        proxy.armed.set()
        assert ask(port) == 401
        assert not proxy.armed.is_set()
    finally:
        web.stop()
        proxy.slam()
