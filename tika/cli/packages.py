"""Makes `.venv` and fills it from a hash-pinned lock file. Runs on a bare Python: standard library only."""

import fcntl
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tika.cli.progress import say, step
from tika.cli.refusal import Refusal

NEEDED_MB = 600
PINNED = re.compile(r"^[A-Za-z0-9_.\[\]-]+==", re.MULTILINE)
INSTALL = [
    "-m",
    "pip",
    "install",
    "--require-hashes",
    "--no-input",
    "--disable-pip-version-check",
    "--progress-bar",
    "off",
]


def main(root: Path, lock: Path, stamp: str) -> None:
    """`stamp` says for which lock file and place the environment was filled; it is written last."""
    # Two commands started at once, say bin/run and bin/test, take turns.
    with lock.open() as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        home = root / ".venv"
        mark = home / f"{lock.name}.stamp"
        if mark.exists() and mark.read_text().strip() == stamp and (home / "bin" / "python").exists():
            return
        make(home)
        install(home, lock)
        mark.write_text(stamp + "\n")


def make(home: Path) -> None:
    if works(home / "bin" / "python"):
        return
    if shutil.disk_usage(home.parent).free < NEEDED_MB * 2**20:
        raise Refusal(f"The disk that holds {home.parent} is full: free at least {NEEDED_MB} MB there and start again.")
    with step(f"Python environment ({sys.version.split()[0]})"):
        shutil.rmtree(home, ignore_errors=True)
        done = subprocess.run([sys.executable, "-m", "venv", home], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return
    said = (done.stdout + done.stderr).strip()
    if "ensurepip" in said or "No module named venv" in said:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        raise Refusal(f"This Python can't make an environment: install its venv package (`apt install {package}`).")
    if "Permission denied" in said or "Read-only" in said:
        raise Refusal(f"The folder {home.parent} can't be written, and Tika's packages go there: make it writable.")
    raise Refusal("Python could not make its environment; what it said is below.", details=said)


def works(python: Path) -> bool:
    """A moved clone or an upgraded system Python leaves an environment that no longer starts."""
    if not python.exists():
        return False
    test = "import sys, pip; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([python, "-c", test], capture_output=True, check=False).returncode == 0


def brought(root: Path) -> list[str]:
    """Packages that came with a bundle (bin/bundle) are taken from there, and nothing is looked for elsewhere."""
    wheels = root / "wheels"
    return ["--no-index", "--find-links", str(wheels)] if wheels.is_dir() else []


def install(home: Path, lock: Path) -> None:
    total = len(PINNED.findall(lock.read_text()))
    lines: list[str] = []
    with step(f"Python packages ({lock.name})") as current:
        command = [str(home / "bin" / "python"), *INSTALL, *brought(lock.parent), "--requirement", str(lock)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as pip:
            assert pip.stdout is not None
            for line in pip.stdout:
                lines.append(line.rstrip())
                current.note(
                    progress_of(line, seen=sum(PROGRESS.match(known) is not None for known in lines), total=total)
                )
        if pip.returncode != 0:
            raise refused("\n".join(lines[-15:]), home)


PROGRESS = re.compile(r"(Collecting|Requirement already satisfied:) ")


def progress_of(line: str, *, seen: int, total: int) -> str:
    if line.startswith("Installing collected"):
        return "unpacking"
    return f"{min(seen, total)} of about {total}"


def refused(said: str, home: Path) -> Refusal:
    if "No space left" in said:
        return Refusal(f"The disk that holds {home} is full: free at least {NEEDED_MB} MB there and start again.")
    if "THESE PACKAGES DO NOT MATCH THE HASHES" in said:
        sentence = (
            "A downloaded package is not the one the lock file pins: don't use it; check where pip downloads from."
        )
        return Refusal(sentence, details=said)
    sentence = (
        "pip could not install Tika's packages: check the network or pip's settings and start again; its last words:"
    )
    return Refusal(sentence, details=said)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
    except Refusal as refusal:
        say(f"{refusal}", to=sys.stderr)
        if refusal.details:
            say(refusal.details, to=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
