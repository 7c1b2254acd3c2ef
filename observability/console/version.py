"""What runs here: the version, and the commit where the environment or the sources know it."""

from functools import cache
from pathlib import Path

from django.conf import settings

SHOWN = 10  # characters of a commit


@cache
def running() -> str:
    """ "0.1.0", or "0.1.0 4f4d65c012"."""
    return named(settings.VERSION, settings.COMMIT or commit_of(settings.ROOT))


def named(version: str, commit: str) -> str:
    return f"{version} {commit[:SHOWN]}".strip()


def number(version: str) -> tuple[int, ...]:
    """Of 1.2.3, to compare by. Raises ValueError."""
    return tuple(int(part) for part in version.split("."))


def commit_of(folder: Path) -> str:
    """Of a checkout; "" elsewhere. Read from the files, because an image has no git."""
    try:
        head = (git_folder(folder) / "HEAD").read_text().strip()
        if not head.startswith("ref: "):
            return head
        return ref(common_folder(git_folder(folder)), head.removeprefix("ref: "))
    except OSError:
        return ""


def git_folder(folder: Path) -> Path:
    """A work tree beside the first one has a file that says where its own folder is."""
    place = folder / ".git"
    if place.is_file():
        return folder / place.read_text().removeprefix("gitdir: ").strip()
    return place


def common_folder(folder: Path) -> Path:
    common = folder / "commondir"
    return folder / common.read_text().strip() if common.exists() else folder


def ref(folder: Path, name: str) -> str:
    loose = folder / name
    if loose.exists():
        return loose.read_text().strip()
    for line in (folder / "packed-refs").read_text().splitlines():
        if line.endswith(f" {name}"):
            return line.split()[0]
    return ""
