"""The pages of all processes of a host: added up, and those of processes that ended folded into one archive.

Counts never fall: an archive names the pages that are in it, and takes its place in one step, so that a fold that is
cut off anywhere neither loses a page nor counts it twice. Who reads, folds or makes a page holds the folder's lock;
nobody waits for it longer than `PATIENCE`.
"""

import fcntl
import os
import secrets
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from observability.metrics.catalogue import BY_NAME
from observability.metrics.page import HEADER, MAGIC, Key, Opened, Page, entries, entry_of, is_alive

PATIENCE = 2.0
ARCHIVE = "archive.page"
# The name of an archive's entries that say which pages are in it.
FOLDED = "folded"


class Busy(OSError):
    pass


@dataclass
class Totals:
    """Numbers by (metric, labels...): of counters and histograms those of all pages, of gauges those of the living."""

    numbers: dict[Key, list[float]] = field(default_factory=dict)
    files: int = 0
    size: int = 0
    damaged: int = 0

    def add(self, key: Key, numbers: tuple[float, ...], *, alive: bool) -> None:
        metric = BY_NAME.get(key[0])
        # A page of another version of the code may know other metrics.
        if metric is None or metric.width != len(numbers) or len(key) != len(metric.labels) + 1:
            return
        if metric.kind == "gauge" and not alive:
            return
        held = self.numbers.get(key)
        self.numbers[key] = list(numbers) if held is None else [a + b for a, b in zip(held, numbers, strict=True)]


class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def held(self, kind: int) -> Iterator[None]:
        """Raises Busy."""
        opened = Opened(self.path / "lock", os.O_RDWR | os.O_CREAT)
        try:
            until = time.monotonic() + PATIENCE
            while not opened.lock(kind):
                if time.monotonic() > until:
                    raise Busy(f"{self.path} is being looked through by somebody else")
                time.sleep(0.002)
            yield
        finally:
            opened.close()

    def pages(self) -> list[Path]:
        return [path for path in sorted(self.path.glob("*.page")) if path.name != ARCHIVE]

    def start(self, page: Page, name: str) -> None:
        """Raises OSError where there is no room, no right, or no folder."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Who reads tries each page's lock: not before the page has got it.
        with self.held(fcntl.LOCK_EX):
            page.open(self.path / f"{name}-{os.getpid()}-{secrets.token_hex(4)}.page")

    def wipe(self) -> None:
        """For the start of an installation, when nobody counts yet."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self.held(fcntl.LOCK_EX):
            for path in self.path.glob("*.page"):
                path.unlink()

    # --- reading ---------------------------------------------------------------------------------

    def totals(self) -> Totals:
        with self.held(fcntl.LOCK_SH):
            found = Totals()
            folded = self._archive(found)
            for path in self.pages():
                if path.name not in folded:
                    self._take_in(path, found, alive=is_alive(path))
            return found

    def _archive(self, totals: Totals) -> set[str]:
        """The names of the pages in it."""
        if not (self.path / ARCHIVE).exists():
            return set()
        return {key[1] for key in self._take_in(self.path / ARCHIVE, totals, alive=False) if key[0] == FOLDED}

    def _take_in(self, path: Path, totals: Totals, *, alive: bool) -> list[Key]:
        data = path.read_bytes()
        totals.files += 1
        totals.size += len(data)
        try:
            found = list(entries(data))
        except (ValueError, struct.error):
            totals.damaged += 1
            return []
        for key, numbers in found:
            totals.add(key, numbers, alive=alive)
        return [key for key, _ in found]

    # --- folding ---------------------------------------------------------------------------------

    def fold(self) -> int:
        """How many pages went into the archive. Raises OSError: then they stay, and are counted where they are."""
        with self.held(fcntl.LOCK_EX):
            totals = Totals()
            before = self._archive(totals)
            there = self.pages()
            dead = [path for path in there if path.name not in before and not is_alive(path)]
            for path in dead:
                self._take_in(path, totals, alive=False)
            if dead:
                self._write_archive(totals, [path.name for path in dead])
            for path in there:
                if path in dead or path.name in before:
                    path.unlink()
            return len(dead)

    def _write_archive(self, totals: Totals, folded: list[str]) -> None:
        parts = [entry_of(key, numbers) for key, numbers in totals.numbers.items()]
        parts += [entry_of((FOLDED, name), []) for name in folded]
        body = b"".join(parts)
        fresh = self.path / "archive.new"
        try:
            fresh.write_bytes(MAGIC + struct.pack("=Q", HEADER + len(body)) + body)
            fresh.replace(self.path / ARCHIVE)
        except OSError:
            fresh.unlink(missing_ok=True)
            raise
