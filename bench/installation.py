"""A Tika of its own, started as anybody starts one: `bin/run` on a folder that is thrown away afterwards."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
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
        # Counted as always, and never refused: on a fast machine one caller does more than a team's scripts.
        own |= {"TIKA_API_REQUESTS_PER_MINUTE": str(10**9)}
        # Ten minutes after its start it would be backed up for the first time, in the middle of somebody's turn.
        own |= {"TIKA_BACKUPS": "off"}
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
        while not is_ready(self.port):
            if self.process.poll() is not None or time.monotonic() - began > PATIENCE:
                raise SystemExit(f"bin/run did not come up:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.01)
        return time.monotonic() - began

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

    @property
    def environment(self) -> dict[str, str]:
        """What `bin/run` tells its processes: addresses of the database by role, and the rest."""
        found: dict[str, str] = json.loads((self.folder / "run" / "env.json").read_text())
        return found

    # --- what its processes take -----------------------------------------------------------------

    def memory(self) -> dict[str, int]:
        """Proportional set size in bytes of each kind of process; empty where the kernel does not say."""
        found: dict[str, int] = {}
        for number, name in self._processes():
            found[name] = found.get(name, 0) + proportional_size(number)
        return found

    def processor_seconds(self) -> dict[str, float]:
        """Used so far by each kind of process, those that have ended included."""
        found: dict[str, float] = {}
        for number, name in self._processes():
            # PostgreSQL's children come and go with their connections.
            found[name] = found.get(name, 0) + processor_seconds(number, ended_too=is_postmaster(number))
        return found

    def _processes(self) -> Iterator[tuple[int, str]]:
        return tree(self.process.pid, "supervisor") if self.process else iter(())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def is_ready(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as asked:
            asked.settimeout(5)
            asked.sendall(b"GET /readyz HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
            return b" 200 " in asked.recv(64)
    except OSError:
        return False


def tree(number: int, name: str) -> Iterator[tuple[int, str]]:
    yield number, name
    for child in children_of(number):
        yield from tree(child, kind_of(child) or name)


def children_of(number: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{number}/task").glob("*/children"):
        with suppress(OSError):
            found += [int(child) for child in task.read_text().split()]
    return found


def command_of(number: int) -> bytes:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes().replace(b"\0", b" ")
    except OSError:
        return b""


def kind_of(number: int) -> str:
    known = {
        b"tika.wsgi": "web",
        b"tika.live": "live",
        b"manage.py worker": "worker",
        b"manage.py exporter": "exporter",
        b"postgres": "postgres",
    }
    return next((name for mark, name in known.items() if mark in command_of(number)), "")


def is_postmaster(number: int) -> bool:
    return b"/postgres -D" in command_of(number)


def proportional_size(number: int) -> int:
    with suppress(OSError):
        for line in Path(f"/proc/{number}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def processor_seconds(number: int, *, ended_too: bool) -> float:
    """Of a process; `ended_too`: and of its children that have ended."""
    with suppress(OSError):
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(") ")[2].split()
        return sum(map(int, fields[11 : 15 if ended_too else 13])) / os.sysconf("SC_CLK_TCK")
    return 0.0
