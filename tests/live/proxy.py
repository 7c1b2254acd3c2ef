"""A door in front of PostgreSQL that can be slammed, or let nothing through."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

NAME = ".s.PGSQL.5432"


class Proxy:
    """Listens in `folder` as PostgreSQL would."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.target = parse_qs(urlsplit(url).query)["host"][0] + "/" + NAME
        self.url = url.partition("?")[0] + "?host=" + quote(str(folder), safe="")
        self.open_sockets: list[socket.socket] = []
        self.listener: socket.socket | None = None
        # Cleared: who knocks is let in and hears nothing.
        self.flowing = threading.Event()
        self.flowing.set()

    def open(self) -> None:
        path = self.folder / NAME
        path.unlink(missing_ok=True)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen(64)
        threading.Thread(target=self._accept, args=[self.listener], daemon=True).start()

    def slam(self) -> None:
        """As `kill -9` does it: connections break, new ones are refused."""
        assert self.listener is not None
        for open_socket in [self.listener, *self.open_sockets]:
            with suppress(OSError):
                open_socket.shutdown(socket.SHUT_RDWR)
            open_socket.close()
        self.open_sockets.clear()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(self.target)
                self.open_sockets += [client, server]
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=self._pump, args=[source, sink], daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self.flowing.wait()
                sink.sendall(self._told(data, source))
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def _told(self, data: bytes, source: socket.socket) -> bytes:
        """What of it goes on."""
        return data


@contextmanager
def door(folder: Path, url: str) -> Iterator[Proxy]:
    proxy = Proxy(folder, url)
    proxy.open()
    yield proxy
    proxy.slam()
