"""A little application that lets people in and is wrong about what they type: dast.sh must say so."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = '<input type="hidden" name="csrfmiddlewaretoken" value="abc">'
FORM = f'<form method="post">{TOKEN}<input name="login"><input name="password"></form>'
HOME = '<a href="/greet?name=you">Greet</a>'


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        at = urlsplit(self.path)
        name = parse_qs(at.query).get("name", [""])[0]
        inside = "session=1" in self.headers.get("Cookie", "")
        pages = {"/accounts/login/": FORM, "/": HOME, "/profile/": "You"}
        # Only who has signed in sees it.
        pages |= {"/greet": f"<p>Hello {name}</p>"} if inside else {}
        self.say(200 if at.path in pages else 404, pages.get(at.path, ""))

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.say(200, "", {"Set-Cookie": "session=1; Path=/"})

    def say(self, status: int, page: str, more: dict[str, str] | None = None) -> None:
        body = f"<html><body>{page}</body></html>".encode()
        self.send_response(status)
        for header, value in {"Content-Type": "text/html", "Content-Length": str(len(body)), **(more or {})}.items():
            self.send_header(header, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing to say."""


@contextmanager
def bad_server() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
