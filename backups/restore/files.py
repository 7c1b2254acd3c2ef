"""Attachments and settings, back from the store."""

import shutil
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from backups.crypt import Key
from backups.making.files import OBJECTS
from backups.manifest import Manifest, all_of
from backups.packing import CHUNK, Part, unpacked
from backups.store import Store
from backups.wal.names import ENDING


def of_moment(store: Store, at: datetime | None) -> list[Manifest]:
    """The backup before and the one after a moment: what was deleted around it is in one of them."""
    found = all_of(store, "files")
    if at is None:
        return found[:1]
    before = [one for one in found if one.time <= at][:1]
    return before + [one for one in found if one.time > at][-1:]


def parts_of(manifests: Iterable[Manifest]) -> dict[str, Part]:
    """By the path below `files/`."""
    parts = (part for manifest in manifests for part in manifest.parts if part.name.startswith(f"{OBJECTS}/"))
    return {part.name.removeprefix(f"{OBJECTS}/").removesuffix(ENDING): part for part in parts}


def settings_of(manifests: Iterable[Manifest]) -> dict[str, Part]:
    parts = (part for manifest in manifests for part in manifest.parts if not part.name.startswith(f"{OBJECTS}/"))
    return {part.name.rsplit("/", 1)[1].removesuffix(ENDING): part for part in parts}


def fetch(store: Store, key: Key, part: Part, target: Path) -> None:
    """Whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = target.with_name(f".{target.name}.restoring")
    with unpacked(store, part, key) as file, fresh.open("wb") as output:
        shutil.copyfileobj(file, output, CHUNK)
    fresh.chmod(0o600)
    fresh.replace(target)


def fetch_all(store: Store, key: Key, wanted: dict[str, Part], folder: Path, say: Callable[[str], None]) -> int:
    for number, (path, part) in enumerate(wanted.items(), 1):
        say(f"Attachments: {number} of {len(wanted)}")
        fetch(store, key, part, folder / path)
    return len(wanted)


def put_in_place(fresh: Path, folder: Path) -> None:
    """A file's content never changes under its name: what is there already is the same."""
    for path in (path for path in fresh.rglob("*") if path.is_file()):
        target = folder / path.relative_to(fresh)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.replace(target)
