"""Whom PostgreSQL runs as. It refuses to run as root, so root lends it an account of its own."""

import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tika.cli.refusal import Refusal

NAME = "tika-postgres"


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    def own(self, path: Path) -> None:
        os.chown(path, self.uid, self.gid)


def server_account(database: Path) -> Account | None:
    """None means: as the user we are. A folder that is there already keeps its owner."""
    if os.getuid() != 0:
        return None
    if database.exists() and database.stat().st_uid != 0:
        found = database.stat()
        return Account(found.st_uid, found.st_gid)
    entry = _known(NAME) or _made() or _known("nobody")
    if entry is None:
        raise Refusal(
            "PostgreSQL can't run as root and no account could be made for it: run"
            f" `useradd --system --no-create-home {NAME}`, or start Tika as an ordinary user."
        )
    return Account(entry.pw_uid, entry.pw_gid)


def _known(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _made() -> pwd.struct_passwd | None:
    for command in (
        ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", "--user-group", NAME],
        ["adduser", "-S", "-D", "-H", NAME],
    ):
        if shutil.which(command[0]):
            subprocess.run(command, capture_output=True, check=False)
            if found := _known(NAME):
                return found
    return None


def let_through(paths: Iterable[Path]) -> list[Path]:
    """Lets other accounts pass the folders above each path (not list them); returns the ones that were changed."""
    changed = []
    for path in paths:
        for parent in reversed(path.resolve().parents):
            if parent not in changed and not parent.stat().st_mode & stat.S_IXOTH:
                parent.chmod(parent.stat().st_mode | stat.S_IXOTH)
                changed.append(parent)
    return changed


def let_read(tree: Path) -> None:
    """Programs installed under a strict umask are made readable, as a package would have them."""
    for folder, _, files in os.walk(tree):
        for path in [Path(folder), *(Path(folder) / name for name in files)]:
            mode = path.stat().st_mode
            wanted = mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0)
            if wanted != mode:
                path.chmod(wanted)
