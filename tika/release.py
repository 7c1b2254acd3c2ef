"""Which release came before this one, as git or `deploy/previous-release` tells it."""

import subprocess
from pathlib import Path

NAMED = Path("deploy/previous-release")
TAGS = "v[0-9]*"
PATIENCE = 60


class NoPreviousRelease(Exception):
    """Says in a sentence why nobody knows it here, and what helps."""


def previous_release(root: Path) -> str:
    """A commit that is there: of the newest version's tag before HEAD, else the one that the file names."""
    if not git(root, "rev-parse", "--is-inside-work-tree"):
        raise NoPreviousRelease(f"{root} is no git checkout, so nobody knows what was released before it.")
    wanted = git(root, "describe", "--tags", "--abbrev=0", f"--match={TAGS}", "HEAD^") or named(root)
    if found := git(root, "rev-parse", "--verify", "--quiet", f"{wanted}^{{commit}}"):
        return found
    raise NoPreviousRelease(
        f"The release before, {wanted}, is not in this clone: git fetch --depth=1 origin {wanted} brings it."
    )


def named(root: Path) -> str:
    """The first word of the file that is no comment; "" without one."""
    try:
        lines = (root / NAMED).read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line.split()[0] for line in lines if line.strip() and not line.startswith("#")), "")


def files_at(root: Path, commit: str) -> list[str]:
    return git(root, "ls-tree", "-r", "--name-only", commit).splitlines()


def text_at(root: Path, commit: str, path: str) -> str:
    return git(root, "show", f"{commit}:{path}")


def git(root: Path, *arguments: str) -> str:
    """What it printed; "" when it refused or is not there."""
    command = ["git", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
