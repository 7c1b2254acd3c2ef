"""Keeps the processes of one installation running in one terminal, and stops them in their order."""

import asyncio
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from tika.cli.child import Child, Tell
from tika.cli.environment import KEPT, ROOT
from tika.cli.folder import Folder
from tika.cli.process import command_line, end
from tika.cli.progress import say
from tika.cli.refusal import Refusal, disk_full

CHILDREN = "run/children.json"
FULL_MB = 20
COLOURS = {"tika": 1, "postgres": 34, "web": 32, "live": 36, "worker": 35, "exporter": 33, "backup": 31}
# A child that dies this often before the first answer will not get well by itself.
PATIENT_DEATHS = 3


class Supervisor:
    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self.children: list[Child] = []
        self.keepers: list[asyncio.Task[None]] = []
        self.asked = asyncio.Event()
        self.stopped = False
        # While the checklist is on the screen, what children say is kept back; a failure shows it.
        self.kept_back: list[str] | None = []

    # --- children --------------------------------------------------------------------------------

    def keep(self, child: Child) -> Child:
        child.started = self.remember
        child.before = child.before if child.name == "postgres" else self.why_full
        self.children.append(child)
        self.keepers.append(asyncio.create_task(child.keep(), name=child.name))
        return child

    def child(self, name: str, command: Sequence[str], environment: Mapping[str, str], **more: Any) -> Child:
        options = {"cwd": ROOT, **more.pop("options", {})}
        return Child(name, command, self.tell, environment=environment, options=options, **more)

    async def once(self, name: str, command: Sequence[str], environment: Mapping[str, str], *, note: Tell) -> None:
        """Runs a command to its end; its last lines are told when it fails."""
        lines: list[str] = []

        def listen(who: str, line: str) -> None:
            lines.append(line)
            note(who, line)

        child = Child(name, command, listen, environment=environment, options={"cwd": ROOT})
        try:
            code = await child.run_once()
        except asyncio.CancelledError:
            await child.stop()
            raise
        if code != 0:
            said = "\n".join(lines[-25:])
            if "No space left" in said or "DiskFull" in said:
                raise disk_full(self.folder.path, needed=FULL_MB)
            raise Refusal(f"The step {name!r} failed with status {code}; what it said last is below.", details=said)

    def why_full(self) -> str:
        if self.folder.free_mb() >= FULL_MB:
            return ""
        return f"The disk that holds {self.folder.path} is full: free some space, then it goes on by itself."

    def remember(self) -> None:
        """Which processes are ours, for a start after a `kill -9` of this one."""
        running = {c.name: c.process.pid for c in self.children if c.process is not None and c.process.poll() is None}
        if not self.stopped:
            self.folder.write(CHILDREN, {name: [pid, command_line(pid)] for name, pid in running.items()})

    def sweep(self) -> bool:
        """Ends what a killed supervisor left behind; PostgreSQL is looked after by its own module."""
        left = [pid for pid, line in self.folder.read(CHILDREN).values() if line and command_line(pid) == line]
        end(left, by=signal.SIGTERM, seconds=10)
        return bool(left)

    # --- life ------------------------------------------------------------------------------------

    async def live(self, start: "asyncio.Task[None]") -> None:
        """Until somebody asks to stop; `start` is the way up, given up when that happens in the middle of it."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.ask)
        asked = asyncio.create_task(self.asked.wait())
        try:
            await asyncio.wait({start, asked}, return_when=asyncio.FIRST_COMPLETED)
            if start.done():
                start.result()
                await asked
            else:
                start.cancel()
                await asyncio.wait({start})
        finally:
            asked.cancel()
            await self.stop()

    def ask(self) -> None:
        if self.asked.is_set():
            for child in self.children:
                child.hurry()
        self.asked.set()

    async def stop(self) -> None:
        """What takes requests first, the database last."""
        # From here on bin/manage finds nobody running.
        (self.folder.path / KEPT).unlink(missing_ok=True)
        if self.children:
            say()
            self.tell("tika", "Stopping.")
        for child in sorted(self.children, key=lambda each: each.name == "postgres"):
            await child.stop()
        for keeper in self.keepers:
            keeper.cancel()
        await asyncio.gather(*self.keepers, return_exceptions=True)
        self.stopped = True
        (self.folder.path / CHILDREN).unlink(missing_ok=True)

    # --- words -----------------------------------------------------------------------------------

    def tell(self, name: str, line: str) -> None:
        if self.kept_back is not None and name != "tika":
            self.kept_back = [*self.kept_back[-50:], f"{name}: {line}"]
            return
        if line.startswith('{"ts":'):
            # For machines, and it says itself whose it is.
            say(line)
            return
        label = f"{name:<8} | "
        if sys.stdout.isatty():
            label = f"\033[{COLOURS.get(name, 33)}m{label}\033[0m"
        say(label + line)
