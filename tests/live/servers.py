"""The real processes, on loopback."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path

import psycopg
from django.conf import settings

from tika.cli.environment import ROOT
from tika.cli.process import die_with_parent

SECONDS = 30.0
THREADS = 3


class Process:
    """Its log is JSON; `port` is 0 where it has none."""

    def __init__(self, command: list[str], log: Path, *, port: int = 0, **environment: str) -> None:
        self.log = log
        self.port = port
        self._said_before = log.stat().st_size if log.exists() else 0
        with log.open("ab") as output:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env={**os.environ, "DJANGO_SETTINGS_MODULE": "tika.settings", "TIKA_LOG_JSON": "true", **environment},
                stdout=output,
                stderr=output,
                # A run that is killed leaves nothing behind.
                preexec_fn=die_with_parent(signal.SIGKILL),
            )

    @property
    def pid(self) -> int:
        return self.popen.pid

    def children(self) -> list[int]:
        """Of gunicorn's master, the processes that serve."""
        return [int(pid) for pid in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()]

    def signal(self, number: int) -> None:
        self.popen.send_signal(number)

    def stop(self, *, seconds: float = 30) -> float:
        """How long it took."""
        started = time.monotonic()
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGTERM)
            try:
                self.popen.wait(seconds)
            except subprocess.TimeoutExpired:
                self.popen.kill()
                self.popen.wait()
                raise
        return time.monotonic() - started

    def kill(self) -> None:
        self.popen.kill()
        self.popen.wait()

    def said(self, text: str) -> bool:
        return text.encode() in self.log.read_bytes()[self._said_before :]


def live(folder: Path, *, port: int = 0, name: str = "live", **environment: str) -> Process:
    """Takes over connections at `name`.sock, and listens at `port` where one is given."""
    own = {"TIKA_LIVE_HANDOVER": str(folder / f"{name}.sock"), "LIVE_PORT": str(port or ""), **environment}
    process = Process(["tika.live"], folder / f"{name}.log", port=port, **own)
    wait_for(lambda: process.said('"listening"') and process.said('"live is ready"'), process)
    return process


def web(folder: Path, port: int, **environment: str) -> Process:
    own = {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "TIKA_LIVE_HANDOVER": str(folder / "live.sock"),
        "TIKA_WEB_WORKERS": "1",
        "TIKA_WEB_THREADS": str(THREADS),
        **environment,
    }
    command = ["gunicorn", "--config", "tika/gunicorn_web.py", "tika.wsgi"]
    process = Process(command, folder / f"web-{port}.log", port=port, **own)
    wait_for(lambda: is_up(port), process)
    return process


def end_connections(name: str) -> int:
    """How many of this application name the database ended."""
    query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = %s"
    with psycopg.connect(settings.DATABASE_URL_DIRECT, autocommit=True) as session:
        return len(session.execute(query, [name]).fetchall())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def is_up(port: int) -> bool:
    """A socket that listens is not enough: its workers may still be starting."""
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def wait_for(ready: Callable[[], bool], process: Process | None = None, *, seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        dead = process is not None and process.popen.poll() is not None
        if dead or time.monotonic() > deadline:
            raise AssertionError(process.log.read_text()[-4000:] if process else "it did not happen in time")
        time.sleep(0.02)
