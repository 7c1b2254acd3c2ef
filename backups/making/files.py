"""Attachments, and the settings without which a restored database cannot be used (`secrets.json`).

A file's content never changes under its name, so each is stored once and later backups name it again.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from backups.making.making import Making, name_of
from backups.manifest import Manifest, all_of
from backups.packing import Part, pack

OBJECTS = "files-kept"
SETTINGS = ("secrets.json", "owner.json")


def attachments(folder: Path) -> Iterator[Path]:
    if folder.exists():
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file())


def make_files(making: Making) -> Manifest:
    """Raises Stopped; what was stored half way is found by the next one, or pruned."""
    started = datetime.now(UTC)
    name = name_of("files", started)
    folder = making.config.data / "files"
    known = {part.name: part for manifest in all_of(making.store, "files")[:1] for part in manifest.parts}
    parts: list[Part] = []
    for path in attachments(folder):
        stored = f"{OBJECTS}/{path.relative_to(folder)}.gz.age"
        part = known.get(stored)
        if part is None or part.content != path.stat().st_size:
            part = stored_file(making, stored, path)
        if part is not None:
            parts.append(part)
        making.say(f"Attachments: {len(parts)}")
    for setting in SETTINGS:
        path = making.config.data / setting
        if path.exists() and (part := stored_file(making, f"{name}/{setting}.gz.age", path)):
            parts.append(part)
    return making.manifest("files", name, started, parts, covers=started.isoformat(), postgres=0)


def stored_file(making: Making, name: str, path: Path) -> Part | None:
    """None where somebody deleted it meanwhile."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return None
    with file:
        return pack(making.store, name, file, making.key)
