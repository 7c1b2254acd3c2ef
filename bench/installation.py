"""A Tika of its own, started as anybody starts one: `bin/run` on a folder that is thrown away afterwards."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tika.cli.environment import ROOT

PATIENCE = 180.0
OURS = ("TIKA_", "DATABASE_URL", "DJANGO_", "EMAIL_URL")


class Installation:
    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self.process: subprocess.Popen[bytes] | None = None
        self.log = folder / "bench.log"

    def start(self) -> float:
        """Seconds from the command to the first answer over HTTP."""
        self.folder.mkdir(parents=True, exist_ok=True)
        own = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        own |= {"TIKA_DATA_DIR": str(self.folder), "HOST": "127.0.0.1", "PORT": str(self.port)}
        with self.log.open("ab") as log:
            began = time.monotonic()
            self.process = subprocess.Popen(
                [str(ROOT / "bin" / "run"), "--no-demo"],
                cwd=ROOT,
                env=own,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() - began > PATIENCE:
                raise SystemExit(f"bin/run did not come up:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.01)
        return time.monotonic() - began

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as asked:
                asked.settimeout(5)
                asked.sendall(b"GET /readyz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
                return b" 200 " in asked.recv(64)
        except OSError:
            return False

    def wait_until_ready(self) -> None:
        until = time.monotonic() + PATIENCE
        while "Tika is ready" not in self.log.read_text().rpartition("Tika, data in")[2]:
            if time.monotonic() > until:
                raise SystemExit("bin/run did not become ready")
            time.sleep(0.05)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.process = None

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def environment(self) -> dict[str, str]:
        """What `bin/run` tells its processes: addresses of the database by role, and the rest."""
        found: dict[str, str] = json.loads((self.folder / "run" / "env.json").read_text())
        return found

    # --- memory ----------------------------------------------------------------------------------

    def memory(self) -> dict[str, int]:
        """Proportional set size in bytes of each kind of process; empty where the kernel does not say."""
        found: dict[str, int] = {}
        if self.process is None:
            return found
        for number, name in self._tree(self.process.pid, "supervisor"):
            found[name] = found.get(name, 0) + proportional_size(number)
        return found

    def _tree(self, number: int, name: str) -> Iterator[tuple[int, str]]:
        yield number, name
        for child in children_of(number):
            yield from self._tree(child, kind_of(child) or name)


def children_of(number: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{number}/task").glob("*/children"):
        try:
            found += [int(child) for child in task.read_text().split()]
        except OSError:
            continue
    return found


def kind_of(number: int) -> str:
    try:
        line = Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ")
    except OSError:
        return ""
    known = {b"tika.wsgi": "web", b"tika.live": "live", b"manage.py worker": "worker", b"postgres": "postgres"}
    return next((name for mark, name in known.items() if mark in line), "")


def proportional_size(number: int) -> int:
    try:
        for line in Path(f"/proc/{number}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def processor_seconds(numbers: list[int]) -> float:
    """CPU time these processes have used so far."""
    ticks = 0
    for number in numbers:
        try:
            fields = Path(f"/proc/{number}/stat").read_text().rpartition(") ")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        except OSError:
            continue
    return ticks / os.sysconf("SC_CLK_TCK")
