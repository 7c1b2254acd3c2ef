"""The real processes, on loopback."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 30.0


class Process:
    def __init__(self, command: list[str], log: Path, **environment: str) -> None:
        self.log = log
        self._said_before = log.stat().st_size if log.exists() else 0
        with log.open("ab") as output:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", *command],
                cwd=ROOT,
                env={**os.environ, "DJANGO_SETTINGS_MODULE": "tika.settings", "TIKA_LOG_JSON": "true", **environment},
                stdout=output,
                stderr=output,
            )

    @property
    def pid(self) -> int:
        return self.popen.pid

    def signal(self, number: int) -> None:
        self.popen.send_signal(number)

    def stop(self, *, seconds: float = 10) -> float:
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


def live(folder: Path, *, port: int | None = None, name: str = "live", **environment: str) -> Process:
    handover = str(folder / f"{name}.sock")
    own = {"TIKA_LIVE_HANDOVER": handover, **({"LIVE_PORT": str(port)} if port else {}), **environment}
    process = Process(["tika.live"], folder / f"{name}.log", **own)
    wait_for(lambda: process.said('"listening"') and (not port or answers(port)), process)
    return process


def web(folder: Path, port: int, *, name: str = "live", **environment: str) -> Process:
    own = {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "TIKA_LIVE_HANDOVER": str(folder / f"{name}.sock"),
        "TIKA_WEB_WORKERS": "1",
        "TIKA_WEB_THREADS": "3",
        **environment,
    }
    command = ["gunicorn", "--config", "tika/gunicorn_web.py", "tika.wsgi"]
    process = Process(command, folder / f"web-{port}.log", **own)
    wait_for(lambda: answers(port), process)
    return process


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def wait_for(ready: Callable[[], bool], process: Process | None = None, *, seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        dead = process is not None and process.popen.poll() is not None
        if dead or time.monotonic() > deadline:
            raise AssertionError(process.log.read_text()[-4000:] if process else "it did not happen in time")
        time.sleep(0.02)
