"""Other processes, by their number: are they there, what are they, and how do they end with us?"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

LINUX = sys.platform.startswith("linux")
PR_SET_PDEATHSIG = 1


def command_line(number: int) -> str:
    """Empty when there is no such process, or only a dead one nobody has collected."""
    if LINUX:
        try:
            return os.fsdecode(Path(f"/proc/{number}/cmdline").read_bytes()).replace("\0", " ").strip()
        except OSError:
            return ""
    shown = subprocess.run(["ps", "-o", "command=", "-p", str(number)], capture_output=True, text=True, check=False)
    return shown.stdout.strip()


def working_in(folder: Path) -> list[int]:
    """Processes whose working directory is `folder`: PostgreSQL's own, also those whose postmaster was killed."""
    if not LINUX:
        return []
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if (entry / "cwd").readlink() == folder:
                    found.append(int(entry.name))
            except OSError:
                continue
    return found


def end(numbers: Iterable[int], *, by: signal.Signals, seconds: float) -> None:
    """Asks them, waits, and kills the rest. For processes that are not our children."""
    left = [number for number in numbers if _signal(number, by)]
    until = time.monotonic() + seconds
    while (left := [number for number in left if command_line(number)]) and time.monotonic() < until:
        time.sleep(0.05)
    for number in left:
        _signal(number, signal.SIGKILL)


def _signal(number: int, by: signal.Signals) -> bool:
    try:
        os.kill(number, by)
    except ProcessLookupError:
        return False
    return True


def die_with_parent(by: signal.Signals) -> Callable[[], None] | None:
    """For `preexec_fn`: the kernel sends the signal when the starter is gone, however it went.

    The request is forgotten when a process changes its account, so it has to come after that, as `preexec_fn` does.
    """
    if not LINUX:
        return None
    libc = ctypes.CDLL(None)
    starter = os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(by))
        if os.getppid() != starter:
            os.kill(os.getpid(), by)

    return ask


def how_it_ended(code: int) -> str:
    if code >= 0:
        return f"ended with status {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"
