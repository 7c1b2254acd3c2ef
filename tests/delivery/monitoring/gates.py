"""A deploy gate on loopback that replays an answer, and the script that asks it."""

import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tika.cli.environment import ROOT

SCRIPT = ROOT / "deploy" / "gate" / "ask.sh"
TOKEN = "tika_pat_seen-by-nobody"


class Gate:
    """`commands` are the command lines of all processes while it was asked."""

    def __init__(self) -> None:
        self.status, self.body = 200, b""
        self.paths: list[str] = []
        self.authorizations: list[str | None] = []
        self.commands = ""
        gate = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                gate.paths.append(self.path)
                gate.authorizations.append(self.headers["Authorization"])
                gate.commands += command_lines()
                self.send_response(gate.status)
                self.send_header("Content-Length", str(len(gate.body)))
                self.end_headers()
                self.wfile.write(gate.body)

            def log_message(self, *_: Any) -> None:
                """Nothing to say."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self) -> None:
        """From here on connections are refused."""
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def gating() -> Iterator[Gate]:
    gate = Gate()
    threading.Thread(target=gate.server.serve_forever, args=[0.01], daemon=True).start()
    try:
        yield gate
    finally:
        gate.close()


def command_lines() -> str:
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue  # It has ended.
    return "\n".join(lines)


def ask(change: str, url: str, **environment: str) -> tuple[int, str]:
    """The script's exit code and sentence."""
    own = {"PATH": os.environ["PATH"], "TIKA_URL": url, "TIKA_GATE_TOKEN": TOKEN, **environment}
    done = subprocess.run(["sh", SCRIPT, change], env=own, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout
