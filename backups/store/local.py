"""A folder: of this machine, or one that is mounted."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from backups.sentences import Stopped

UNFINISHED = ".part"
# What a backup leaves free: the product needs the disk more than its backups do.
ROOM = 512 * 2**20
LOOK_EVERY = 32 * 2**20


@dataclass(frozen=True)
class Folder:
    path: Path

    @property
    def where(self) -> str:
        return str(self.path)

    @contextmanager
    def write(self, name: str) -> Iterator[BinaryIO]:
        target = self.path / name
        fresh = target.with_name(f"{target.name}.{os.getpid()}{UNFINISHED}")
        fresh.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                yield cast(BinaryIO, Careful(file, self.path))
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(target)
            sync_folder(target.parent)
        finally:
            with suppress(FileNotFoundError):
                fresh.unlink()

    @contextmanager
    def read(self, name: str) -> Iterator[BinaryIO]:
        try:
            file = (self.path / name).open("rb")
        except FileNotFoundError as error:
            raise Stopped(f"{name} is not in {self.path}.") from error
        with file:
            yield file

    def names(self, prefix: str) -> Iterator[str]:
        found = (path for path in (self.path / prefix).rglob("*") if path.is_file())
        yield from sorted(str(path.relative_to(self.path)) for path in found if path.suffix != UNFINISHED)

    def remove(self, name: str) -> None:
        target = self.path / name
        target.unlink(missing_ok=True)
        with suppress(OSError):
            target.parent.rmdir()


class Careful:
    """A file that stops being written before the disk is full, as if it were."""

    def __init__(self, file: BinaryIO, folder: Path) -> None:
        self.file, self.folder, self.unlooked = file, folder, LOOK_EVERY

    def write(self, found: bytes) -> int:
        self.unlooked += len(found)
        if self.unlooked >= LOOK_EVERY:
            self.unlooked = 0
            if shutil.disk_usage(self.folder).free < ROOM:
                raise OSError(errno.ENOSPC, "The disk of the backups is nearly full", str(self.folder))
        return self.file.write(found)

    def flush(self) -> None:
        self.file.flush()


def sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
