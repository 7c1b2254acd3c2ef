"""Encryption in the age format (https://age-encryption.org/v1): what is stored can be opened without Tika, too.

age --decrypt --identity backup-key.txt base.tar.gz.age | tar --extract --gzip
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyrage

from backups.sentences import Damaged, Stopped

SAYS = """# Opens the backups of this installation. Keep a copy in another place: without it no backup can be restored.
# public key: {public}
{secret}
"""


@dataclass(frozen=True)
class Key:
    identity: Any

    @property
    def public(self) -> str:
        return str(self.identity.to_public())

    def seal(self, source: Any, target: Any) -> None:
        """Encrypts what `source` reads into what `target` writes, 64 KB at a time."""
        with kept(source, target) as (source, target):
            pyrage.encrypt_io(source, target, [self.identity.to_public()])

    def open(self, source: Any, target: Any, *, name: str) -> None:
        """Raises Damaged where it was changed or cut off, Stopped where it is of another key."""
        try:
            with kept(source, target) as (source, target):
                pyrage.decrypt_io(source, target, [self.identity])
        except NotAsWritten as error:
            if "No matching keys" in str(error):
                raise Stopped(f"{name} was encrypted for another key: name the right one with --key.") from error
            raise Damaged(f"{name} is damaged ({error}).") from error


class NotAsWritten(Exception):
    pass


class Kept:
    """A file whose own error is not lost: the library makes words of it."""

    def __init__(self, file: Any) -> None:
        self.file = file
        self.error: Exception | None = None

    def _try(self, call: Callable[..., Any], *given: Any) -> Any:
        try:
            return call(*given)
        except Exception as error:
            self.error = error
            raise

    def read(self, size: int = -1) -> Any:
        return self._try(self.file.read, size)

    def write(self, found: bytes) -> Any:
        return self._try(self.file.write, found)

    def flush(self) -> None:
        self._try(self.file.flush)


@contextmanager
def kept(source: Any, target: Any) -> Iterator[tuple[Kept, Kept]]:
    ends = Kept(source), Kept(target)
    try:
        yield ends
    except (pyrage.DecryptError, pyrage.EncryptError, OSError) as error:
        for end in ends:
            if end.error is not None:
                raise end.error from None
        raise NotAsWritten(str(error)) from error


def key_of(path: Path, *, make: bool = False) -> Key:
    """The key in this file; `make` makes it where there is none. Raises Stopped."""
    if not path.exists():
        if not make:
            raise Stopped(f"The key of the backups is not at {path}: name its file with --key or TIKA_BACKUP_KEY_FILE.")
        write_key(path)
    for line in path.read_text().splitlines():
        if line.startswith("AGE-SECRET-KEY-"):
            return Key(pyrage.x25519.Identity.from_str(line.strip()))
    raise Stopped(f"{path} holds no key: it must have a line that begins with AGE-SECRET-KEY-1.")


def write_key(path: Path) -> None:
    identity = pyrage.x25519.Identity.generate()
    text = SAYS.format(public=identity.to_public(), secret=identity)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    fresh = Path(name)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    # Two that start at once: the first one's key counts.
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
