"""A process the supervisor looks after: started, listened to, started again when it dies, stopped."""

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tika.cli.process import die_with_parent, how_it_ended

FIRST_DELAY = 0.5
LAST_DELAY = 30.0
# A child that ran this long was well: its next death starts a new series of delays.
WELL_AFTER = 60.0
Tell = Callable[[str, str], None]


@dataclass(eq=False)
class Child:
    name: str
    command: Sequence[str]
    tell: Tell
    environment: Mapping[str, str] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    stop_by: signal.Signals = signal.SIGTERM
    kill_by: signal.Signals = signal.SIGKILL
    patience: float = 15.0
    before: Callable[[], str] = lambda: ""
    started: Callable[[], None] = lambda: None
    process: "subprocess.Popen[bytes] | None" = None
    deaths: int = 0
    stopping: bool = False

    async def run_once(self) -> int:
        """Starts it and returns how it ended."""
        output, its_output = os.pipe()
        os.set_blocking(output, False)
        try:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=its_output,
                stderr=its_output,
                **{
                    "env": self.environment,
                    # Ctrl-C goes to the supervisor alone, which stops its children in their order.
                    "start_new_session": True,
                    "preexec_fn": die_with_parent(self.stop_by),
                    **self.options,
                },
            )
        except BaseException:
            os.close(output)
            raise
        finally:
            os.close(its_output)
        self.started()
        lines = Lines(output, lambda line: self.tell(self.name, line))
        try:
            return await ended(self.process)
        finally:
            lines.close()

    async def keep(self) -> None:
        delay = FIRST_DELAY
        while not self.stopping:
            started = time.monotonic()
            code = await self.run_once()
            if self.stopping:
                return
            self.deaths += 1
            if time.monotonic() - started > WELL_AFTER:
                delay = FIRST_DELAY
            self.tell("tika", f"{self.name} {how_it_ended(code)}; it is started again in {delay:g} s.")
            await asyncio.sleep(delay)
            delay = min(delay * 2, LAST_DELAY)
            if said := self.before():
                self.tell("tika", said)

    async def stop(self) -> None:
        self.stopping = True
        if self.process is None:
            return
        if self.process.poll() is None:
            await self._ask_until_it_ends(self.process)
        # gunicorn's workers, when their master was killed and they have not noticed yet.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    async def _ask_until_it_ends(self, process: "subprocess.Popen[bytes]") -> None:
        for by, patience in ((self.stop_by, self.patience), (self.kill_by, 5.0), (signal.SIGKILL, 5.0)):
            process.send_signal(by)
            try:
                await asyncio.wait_for(ended(process), patience)
            except TimeoutError:
                self.tell("tika", f"{self.name} did not stop within {patience:g} s.")
            else:
                return

    def hurry(self) -> None:
        """A second Ctrl-C."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.kill_by)


async def ended(process: "subprocess.Popen[bytes]") -> int:
    # Polled rather than by SIGCHLD: a few calls a second cost nothing and leave no signal handler to share.
    while (code := process.poll()) is None:
        await asyncio.sleep(0.1)
    return code


class Lines:
    """Reads a pipe line by line in the event loop; a line without an end is cut before it fills the memory."""

    longest = 16384

    def __init__(self, source: int, tell: Callable[[str], None]) -> None:
        self.source = source
        self.tell = tell
        self.rest = b""
        asyncio.get_running_loop().add_reader(source, self._read)

    def _read(self) -> None:
        try:
            found = os.read(self.source, 65536)
        except BlockingIOError:
            return
        if not found:
            asyncio.get_running_loop().remove_reader(self.source)
            return
        *lines, self.rest = (self.rest + found).split(b"\n")
        if len(self.rest) > self.longest:
            lines, self.rest = [*lines, self.rest], b""
        for line in lines:
            self.tell(line.decode(errors="replace").rstrip())

    def close(self) -> None:
        """Tells what is left; a grandchild that lives on keeps the pipe open and is not waited for."""
        asyncio.get_running_loop().remove_reader(self.source)
        try:
            while found := os.read(self.source, 65536):
                self.rest += found
        except BlockingIOError:
            pass
        os.close(self.source)
        for line in self.rest.decode(errors="replace").splitlines():
            self.tell(line.rstrip())
