"""Where segments lie in the store: `wal/<the server's identifier>/<segment>.gz.age`, the newest one `.partial`."""

import json
from collections.abc import Iterator
from datetime import datetime

from backups.retention import is_segment
from backups.sentences import Stopped
from backups.store import Store

ENDING = ".gz.age"
PARTIAL = ".partial"
COVERED = "covered.json"


def stored_name(system: str, file: str) -> str:
    return f"wal/{system}/{file}{ENDING}"


def stored_files(store: Store, system: str) -> Iterator[str]:
    """As the server calls them."""
    for name in store.names(f"wal/{system}/"):
        if name.endswith(ENDING):
            yield name.rsplit("/", 1)[1].removesuffix(ENDING)


def needed(files: Iterator[str], first: str) -> list[str]:
    """What a restore from the segment `first` on may ask for; a finished segment stands for its partial one."""
    found = {file for file in files if not is_segment(file) or file[8:24] >= first[8:24]}
    return sorted(file for file in found if not file.endswith(PARTIAL) or file.removesuffix(PARTIAL) not in found)


def note_covered(store: Store, system: str, *, until: datetime, lsn: str) -> None:
    """Beside the log itself, for whoever restores when the database is gone."""
    with store.write(f"wal/{system}/{COVERED}") as file:
        file.write(json.dumps({"until": until.isoformat(), "lsn": lsn}).encode())


def covered(store: Store, system: str) -> datetime | None:
    try:
        with store.read(f"wal/{system}/{COVERED}") as file:
            return datetime.fromisoformat(json.loads(file.read())["until"])
    except (Stopped, ValueError, KeyError):
        return None


def hole(files: list[str], last_known: str) -> str:
    """The first segment that is missing after `last_known`, "" where none is."""
    numbers = {number_of(file) for file in files if is_segment(file)}
    for wanted in range(number_of(last_known) + 1, max(numbers, default=0) + 1):
        if wanted not in numbers:
            return f"{last_known[:8]}{wanted // 256:08X}{wanted % 256:08X}"
    return ""


def number_of(segment: str) -> int:
    """Of the usual 16 MB."""
    return int(segment[8:16], 16) * 256 + int(segment[16:24], 16)
