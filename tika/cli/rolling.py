"""Replaces the processes of a running installation one by one, by those of this release or of another beside it.

Asked for by a file and SIGUSR2 to `bin/run`, which holds the listening socket: the new `web` takes connections from it
before the old one stops to, so nobody is refused. Nothing is stopped before its successor answers; one that does not
is ended, and everything stays as it was.
"""

import asyncio
import dataclasses
import os
import signal
import time
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tika.cli.child import Child, Tell
from tika.cli.environment import KEPT, ROOT
from tika.cli.folder import Folder
from tika.cli.refusal import Refusal
from tika.cli.supervisor import Supervisor

ASKED, ANSWERED, RELEASE = "run/roll.json", "run/rolled.json", "run/release.json"
SIGNAL = signal.SIGUSR2
# For a new process to answer. One that cannot say so (a release before this one) is taken for well if it lives so long.
READY_WITHIN = 120.0
MUTE_FOR = 15.0
LIVES = 2.0


class Heard:
    """Passes on what a process says, and remembers the last of it."""

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        self.lines: deque[str] = deque(maxlen=15)

    def __call__(self, name: str, line: str) -> None:
        self.lines.append(line)
        self.tell(name, line)

    def last(self) -> str:
        return "\n".join(self.lines)


class Rolling:
    def __init__(self, supervisor: Supervisor, folder: Folder) -> None:
        self.supervisor = supervisor
        self.folder = folder
        self.root = str(ROOT)
        self.asked = asyncio.Event()

    async def watch(self) -> None:
        """As long as the installation runs."""
        asyncio.get_running_loop().add_signal_handler(SIGNAL, self.asked.set)
        self.folder.write(RELEASE, {"root": self.root})
        while True:
            await self.asked.wait()
            self.asked.clear()
            request = self.folder.read(ASKED)
            answer: dict[str, Any] = {"id": request.get("id"), "ok": True, "said": ""}
            try:
                await self.roll(request.get("root") or self.root, request.get("environment") or {})
            except Refusal as refusal:
                answer |= {"ok": False, "said": f"{refusal}\n{refusal.details}".strip()}
            self.folder.write(ANSWERED, answer | {"root": self.root})

    async def roll(self, root: str, environment: Mapping[str, str]) -> None:
        """Raises Refusal; then what ran before runs still."""
        self.supervisor.tell("tika", f"Replacing the processes one by one, by those of {root}.")
        running = [child for child in self.supervisor.children if child.name != "postgres"]
        fresh: dict[Child, Child] = {}
        socket = inode(self.folder.hand_over)
        try:
            for old in sorted(running, key=lambda child: ("web", "live").index(child.name) if is_door(child) else 9):
                if is_door(old):
                    fresh[old] = await self._started(old, root, environment)
        except Refusal:
            for new in fresh.values():
                await self._end(new)
            if inode(self.folder.hand_over) != socket:
                self._listen_again(running)
            raise
        for old in running:
            if old not in fresh:
                fresh[old] = self._start(old, root, environment)
                await asyncio.sleep(LIVES)
            await self._end(old)
        self.root = root
        self.folder.write(RELEASE, {"root": root})
        if environment:
            self.folder.write(KEPT, dict(environment))
        self.supervisor.remember()
        self.supervisor.tell("tika", "All processes have been replaced.")

    # --- one of them -----------------------------------------------------------------------------

    def _start(self, old: Child, root: str, environment: Mapping[str, str], **more: str) -> Child:
        new = dataclasses.replace(
            old,
            command=[elsewhere(word, self.root, root) for word in old.command],
            environment={
                **{name: elsewhere(value, self.root, root) for name, value in (old.environment or {}).items()},
                **{name: value for name, value in environment.items() if name not in {"TIKA_DB_ROLE"}},
                **more,
            },
            options={**old.options, "cwd": root},
            process=None,
            deaths=0,
            stopping=False,
        )
        return self.supervisor.keep(new)

    async def _started(self, old: Child, root: str, environment: Mapping[str, str]) -> Child:
        program = elsewhere(old.command[0], self.root, root)
        if not os.access(program, os.X_OK):
            raise Refusal(f"The new {old.name} does not start: {program} is not there.")
        mark = self.folder.run / f"ready-{old.name}"
        mark.unlink(missing_ok=True)
        heard = Heard(old.tell)
        before = inode(self.folder.hand_over)
        new = self._start(old, root, environment, TIKA_READY_FILE=str(mark))
        new.tell = heard
        started = time.monotonic()
        while not (mark.exists() or (old.name == "live" and inode(self.folder.hand_over) not in {0, before})):
            waited = time.monotonic() - started
            if new.deaths or waited > READY_WITHIN:
                await self._end(new)
                raise Refusal(f"The new {old.name} does not start; what it said last is below.", details=heard.last())
            if waited > MUTE_FOR and root != str(ROOT) and new.process and new.process.poll() is None:
                break
            await asyncio.sleep(0.05)
        return new

    async def _end(self, child: Child) -> None:
        await child.stop()
        if child in self.supervisor.children:
            self.supervisor.children.remove(child)
        self.supervisor.remember()

    def _listen_again(self, running: list[Child]) -> None:
        """A new `live` took the place of the old one's socket and is gone: the old one starts again, and listens."""
        for child in running:
            if child.name == "live" and child.process is not None and child.process.poll() is None:
                child.process.terminate()


def is_door(child: Child) -> bool:
    return child.name in {"web", "live"}


def elsewhere(text: str, here: str, there: str) -> str:
    """What lies in one release's folder, in another's."""
    parts = [there + part.removeprefix(here) if is_below(part, here) else part for part in text.split(os.pathsep)]
    return os.pathsep.join(parts)


def is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}{os.sep}")


def inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return 0
