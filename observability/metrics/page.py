"""The numbers of one process, in a file that outlives it: whatever was counted is there, however the process ends.

A page is a header, then entries: a series' name and labels, then its numbers (8 bytes each, so that none is read half
written). Entries are only added. The owner holds a lock on its file for as long as it lives; the kernel takes it back.

The file's room is allocated before it is used: a page of a sparse file that no longer fits on the disk would kill the
process. Where there is no room the numbers are kept in memory, and written as soon as there is.
"""

import contextlib
import fcntl
import json
import mmap
import os
import struct
import threading
from bisect import bisect_left
from collections.abc import Iterator
from pathlib import Path

from observability.metrics.catalogue import Metric

MAGIC = b"TIKAmet1"
HEADER = 16  # the magic and how many bytes are used
FIRST_BYTES = 64 * 1024
HEAD = struct.Struct("=II")  # bytes of the key, count of numbers
Key = tuple[str, ...]


class Page:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.places: dict[Key, int] = {}
        self.descriptor = -1
        self.lacks_room = False
        self.size = FIRST_BYTES
        self.values = self._hold(bytearray(self.size))
        self.used = HEADER
        self._write(0, MAGIC + struct.pack("=Q", self.used))

    def _hold(self, memory: "bytearray | mmap.mmap") -> "memoryview[float]":
        self.bytes = memoryview(memory)
        self.values = self.bytes.cast("d")
        self.counters = self.bytes.cast("Q")
        return self.values

    def _write(self, at: int, data: bytes) -> None:
        self.bytes[at : at + len(data)] = data

    # --- counting --------------------------------------------------------------------------------

    def place(self, metric: Metric, *labels: str) -> int:
        """Where the numbers of this series begin; stays the same for the life of the process."""
        key = (metric.name, *labels)
        found = self.places.get(key)
        if found is None:
            assert len(labels) == len(metric.labels)
            with self.lock:
                found = self.places.get(key) or self._append(key, metric.width)
        return found

    def add(self, place: int, amount: float = 1.0) -> None:
        with self.lock:
            self.values[place] += amount

    def set(self, place: int, value: float) -> None:
        with self.lock:
            self.values[place] = value

    def observe(self, place: int, edges: tuple[float, ...], value: float) -> None:
        """A value on an edge is below it, as `le` says."""
        with self.lock:
            self.values[place + bisect_left(edges, value)] += 1
            self.values[place + len(edges) + 1] += value

    def count_request(self, counter: int, histogram: int, edges: tuple[float, ...], ms: float) -> None:
        """`add` and `observe` under one lock: each request makes them."""
        with self.lock:
            self.values[counter] += 1
            self.values[histogram + bisect_left(edges, ms)] += 1
            self.values[histogram + len(edges) + 1] += ms

    def _append(self, key: Key, width: int) -> int:
        entry = entry_of(key, [0.0] * width)
        while self.used + len(entry) > self.size:
            self._grow()
        self._write(self.used, entry)
        self.used += len(entry)
        # Last, and whole: whoever reads sees an entry or does not.
        self.counters[1] = self.used
        self.places[key] = place = self.used // 8 - width
        return place

    # --- its file --------------------------------------------------------------------------------

    def open(self, path: Path) -> None:
        """Goes on in a new file, what was counted before taken along. Raises OSError, and counts on as before."""
        with self.lock:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                self._move_to(descriptor, self.size)
            except OSError:
                os.close(descriptor)
                path.unlink(missing_ok=True)
                raise
            if self.descriptor >= 0:
                os.close(self.descriptor)
            self.descriptor, self.lacks_room = descriptor, False

    @property
    def needs_file(self) -> bool:
        """It has none yet, or somebody has cleared it away."""
        return self.descriptor < 0 or os.fstat(self.descriptor).st_nlink == 0

    def settle(self) -> None:
        """Writes what had to be kept in memory. Raises OSError while there is no room."""
        if self.lacks_room:
            with self.lock:
                self._move_to(self.descriptor, self.size)
                self.lacks_room = False

    def _move_to(self, descriptor: int, size: int) -> None:
        allocate(descriptor, size)
        memory = mmap.mmap(descriptor, size)
        memory[HEADER : self.used] = bytes(self.bytes[HEADER : self.used])
        memory[:HEADER] = bytes(self.bytes[:HEADER])
        self._hold(memory)

    def _grow(self) -> None:
        larger = self.size * 2
        try:
            if self.descriptor < 0 or self.lacks_room:
                raise OSError
            self._move_to(self.descriptor, larger)
        except OSError:
            memory = bytearray(larger)
            memory[: self.used] = self.bytes[: self.used]
            self._hold(memory)
            self.lacks_room = self.descriptor >= 0
        self.size = larger

    def forget(self) -> None:
        """For a forked child: its numbers are its own, and begin at nothing."""
        self.lock = threading.Lock()
        memory = bytearray(self.size)
        memory[: self.used] = self.bytes[: self.used]
        if self.descriptor >= 0:
            os.close(self.descriptor)
        self.descriptor = -1
        self.lacks_room = False
        self._hold(memory)
        for key, numbers in entries(bytes(memory)):
            at = self.places[key]
            for place in range(at, at + len(numbers)):
                self.values[place] = 0.0


def allocate(descriptor: int, size: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size)
        return
    missing = size - os.fstat(descriptor).st_size
    os.pwrite(descriptor, bytes(missing), size - missing)


def entry_of(key: Key, numbers: list[float]) -> bytes:
    name = json.dumps(key).encode()
    name += b" " * (-len(name) % 8)
    return HEAD.pack(len(name), len(numbers)) + name + struct.pack(f"={len(numbers)}d", *numbers)


def entries(data: bytes) -> Iterator[tuple[Key, tuple[float, ...]]]:
    """Raises ValueError or struct.error where the data is no page."""
    if data[:8] != MAGIC:
        raise ValueError("no page of metrics")
    at, used = HEADER, struct.unpack_from("=Q", data, 8)[0]
    if used > len(data):
        raise ValueError("cut off")
    while at < used:
        length, width = HEAD.unpack_from(data, at)
        at += HEAD.size + length
        yield key_of(data[at - length : at]), struct.unpack_from(f"={width}d", data, at)
        at += 8 * width


keys: dict[bytes, Key] = {}


def key_of(name: bytes) -> Key:
    """Remembered: the same few hundred names come with each page and each look."""
    found = keys.get(name)
    if found is None:
        if len(keys) > 50_000:
            keys.clear()
        found = keys[name] = tuple(json.loads(name))
    return found


def is_alive(path: Path) -> bool:
    """Whether the process that counts in this file still runs, on this host and in any container that shares it."""
    with contextlib.closing(Opened(path)) as opened:
        return not opened.lock(fcntl.LOCK_SH)


class Opened:
    """A file to lock. Unlocked by word, not by closing: a process forked meanwhile has a copy that stays open."""

    def __init__(self, path: Path, flags: int = os.O_RDONLY) -> None:
        self.descriptor = os.open(path, flags, 0o600)

    def lock(self, kind: int) -> bool:
        try:
            fcntl.flock(self.descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        fcntl.flock(self.descriptor, fcntl.LOCK_UN)
        os.close(self.descriptor)


# This process's own.
page = Page()
os.register_at_fork(after_in_child=page.forget)
