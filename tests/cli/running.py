"""A `bin/run` of the tests' own: started on a folder and a free port, read line by line, and never left behind."""

import json
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path
from urllib.error import HTTPError

from tika.cli.environment import ROOT
from tika.cli.process import command_line, working_in

PATIENCE = 180.0
TIKA = [sys.executable, "-P", "-m", "tika.cli"]


def clean_environment(**more: str) -> dict[str, str]:
    ours = ("TIKA_", "DATABASE_URL", "HOST", "PORT", "EMAIL_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


def refusal(*arguments: str, **environ: str) -> str:
    """What `bin/run` says on its way out when it can't start."""
    done = subprocess.run(
        [*TIKA, "run", *arguments], env=clean_environment(**environ), capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 1
    return done.stderr.strip()


class Running:
    def __init__(self, folder: Path, *arguments: str, **environ: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.environ = clean_environment(TIKA_DATA_DIR=str(folder), PORT=str(self.port), **environ)
        self.process = subprocess.Popen(
            [*TIKA, "run", *arguments], env=self.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.lines: list[str] = []
        self.unread: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.rstrip())
            self.unread.put(line.rstrip())

    def until(self, pattern: str, *, seconds: float = PATIENCE) -> str:
        """The next line that matches."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                line = self.unread.get(timeout=0.2)
            except queue.Empty:
                assert self.process.poll() is None, self.said()
                continue
            if re.search(pattern, line):
                return line
        raise AssertionError(f"nothing like {pattern!r} within {seconds} s:\n{self.said()}")

    def said(self) -> str:
        return "\n".join(self.lines)

    def ready(self) -> "Running":
        self.until("Data: ")
        return self

    def status(self, path: str = "/readyz") -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return int(answer.status)
        except HTTPError as error:
            return error.code
        except OSError:
            # Nobody has taken it within ten seconds: a busy machine starts a process slowly.
            return 0

    def until_ready_again(self, *, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while self.status() != 200:
            assert time.monotonic() < end, self.said()
            time.sleep(0.1)

    def number_of(self, child: str) -> int:
        if child == "postgres":
            return int((self.folder / "pgdata" / "postmaster.pid").read_text().split("\n")[0])
        return int(json.loads((self.folder / "run" / "children.json").read_text())[child][0])

    def manage(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return manage(*arguments, **self.environ)

    def stop(self, by: signal.Signals = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(by)
        return self.process.wait(60)

    def left_behind(self) -> list[str]:
        """Command lines of processes that work for this folder."""
        found = [number for number in everybody() if f"TIKA_DATA_DIR={self.folder}" in environment_of(number)]
        return [command_line(number) for number in {*found, *working_in(self.folder / "pgdata")}]


def manage(*arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    command = [*TIKA, "manage", *arguments]
    return subprocess.run(command, env=clean_environment(**environ), capture_output=True, text=True, timeout=PATIENCE)


def everybody() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def environment_of(number: int) -> list[str]:
    try:
        return os.fsdecode(Path(f"/proc/{number}/environ").read_bytes()).split("\0")
    except OSError:
        return []
