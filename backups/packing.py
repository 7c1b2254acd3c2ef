"""One stored file: compressed, encrypted, counted and hashed on its way, and the same backwards."""

import hashlib
import os
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from backups.crypt import Key
from backups.sentences import Damaged
from backups.store import Store

CHUNK = 2**18
GZIP = 16 + zlib.MAX_WBITS
FAST = 1
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Part:
    """`bytes` and `sha256` of what lies in the store, `content` the bytes before they were compressed."""

    name: str
    bytes: int
    sha256: str
    content: int


class Compressed:
    """Reads gzip's format of what `source` reads."""

    def __init__(self, source: Any, progress: Progress | None = None) -> None:
        self.source = source
        self.progress = progress
        self.packer: Any = zlib.compressobj(FAST, zlib.DEFLATED, GZIP)
        self.ready = b""
        self.content = 0
        self.ended = False

    def read(self, size: int) -> bytes:
        while not self.ended and len(self.ready) < size:
            found = self.source.read(CHUNK)
            self.content += len(found)
            if self.progress:
                self.progress(self.content)
            self.ready += self.packer.compress(found) if found else self.packer.flush()
            self.ended = not found
        answer, self.ready = self.ready[:size], self.ready[size:]
        return answer


class Counted:
    def __init__(self, file: Any) -> None:
        self.file = file
        self.bytes = 0
        self.digest = hashlib.sha256()

    def write(self, found: bytes) -> int:
        self._count(found)
        self.file.write(found)
        return len(found)

    def read(self, size: int = -1) -> bytes:
        found: bytes = self.file.read(size)
        self._count(found)
        return found

    def flush(self) -> None:
        self.file.flush()

    def _count(self, found: bytes) -> None:
        self.bytes += len(found)
        self.digest.update(found)


def pack(
    store: Store,
    name: str,
    source: Any,
    key: Key,
    *,
    progress: Progress | None = None,
    check: Callable[[], None] | None = None,
) -> Part:
    """Stores what `source` reads; `check` may refuse at its end, and then nothing is stored."""
    packed = Compressed(source, progress)
    with store.write(name) as file:
        counted = Counted(file)
        key.seal(packed, counted)
        if check:
            check()
    return Part(name, counted.bytes, counted.digest.hexdigest(), packed.content)


@contextmanager
def unpacked(store: Store, part: Part, key: Key) -> Iterator[BinaryIO]:
    """The content, as a file that is read forwards. Raises Damaged at the latest when it is closed."""
    coming, going = os.pipe()
    opening = _Opening(store, part, key, going)
    opening.start()
    with os.fdopen(coming, "rb") as file:
        try:
            yield file
        except Exception:
            # Whoever reads a damaged file stumbles first; why is known by the one who opened it.
            file.close()
            opening.join()
            opening.tell()
            raise
        while file.read(CHUNK):
            pass
    opening.join()
    opening.tell()


class _Opening(threading.Thread):
    def __init__(self, store: Store, part: Part, key: Key, going: int) -> None:
        super().__init__(name="opening", daemon=True)
        self.store, self.part, self.key, self.going = store, part, key, going
        self.failed: Exception | None = None

    def run(self) -> None:
        unpacker = zlib.decompressobj(GZIP)
        try:
            with os.fdopen(self.going, "wb") as pipe, self.store.read(self.part.name) as stored:
                counted = Counted(stored)
                self.key.open(counted, _Unpacking(unpacker, pipe), name=self.part.name)
                while counted.read(CHUNK):
                    pass
                if self.part.sha256 and counted.digest.hexdigest() != self.part.sha256:
                    raise Damaged(f"{self.part.name} is not what was stored: its checksum differs.")
                if not unpacker.eof:
                    raise Damaged(f"{self.part.name} is damaged: it ends too early.")
        except BrokenPipeError:
            pass
        except Exception as error:  # noqa: BLE001 - told by the thread that waits for it
            self.failed = error

    def tell(self) -> None:
        if self.failed is not None:
            raise self.failed


class _Unpacking:
    def __init__(self, unpacker: Any, pipe: Any) -> None:
        self.unpacker = unpacker
        self.pipe = pipe

    def write(self, found: bytes) -> int:
        try:
            self.pipe.write(self.unpacker.decompress(found))
        except zlib.error as error:
            raise Damaged(f"It cannot be unpacked: {error}.") from error
        return len(found)

    def flush(self) -> None:
        self.pipe.flush()
