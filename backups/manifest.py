"""What lies beside each backup, in clear: what it is, of when, of which release, and the checksums of its parts."""

import json
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from backups.packing import Part
from backups.sentences import Damaged, Stopped
from backups.store import Store

FORMAT = 1
FILE = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """`covers` is the time whose state it holds, for a base backup the earliest that it can be taken to.

    `tables` are rows and content checksum by table, as a logical backup saw them (backups.contents).
    """

    name: str  # its folder in the store: kind/20261126T020000Z
    kind: str
    started_at: str
    ended_at: str
    covers: str
    release: str
    migrations: dict[str, str]
    postgres: int
    parts: list[Part]
    database: str = ""
    system: str = ""
    wal_from: str = ""
    wal_to: str = ""
    timeline: int = 0
    tables: dict[str, list[int]] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def bytes(self) -> int:
        return sum(part.bytes for part in self.parts)

    @property
    def time(self) -> datetime:
        return datetime.fromisoformat(self.covers)

    def part(self, ending: str) -> Part:
        return next(part for part in self.parts if part.name.endswith(ending))


def write(store: Store, manifest: Manifest) -> None:
    """Last: a backup without its manifest is none."""
    with store.write(f"{manifest.name}/{FILE}") as file:
        file.write(json.dumps(asdict(manifest), indent=1, ensure_ascii=False).encode())


def read(store: Store, name: str) -> Manifest:
    """Raises Stopped, Damaged."""
    with store.read(f"{name}/{FILE}") as file:
        text = file.read()
    try:
        found: dict[str, Any] = json.loads(text)
        if found["format"] > FORMAT:
            raise Stopped(f"{name} was made by a newer Tika ({found['release']}): restore it with that one.")
        known = {one.name for one in fields(Manifest)}
        parts = [Part(**part) for part in found.pop("parts")]
        return Manifest(parts=parts, **{key: value for key, value in found.items() if key in known})
    except (ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{name}/{FILE} is damaged: {error}.") from error


def all_of(store: Store, kind: str) -> list[Manifest]:
    """The newest first; one that cannot be read is left out here and refused where it is named."""
    found = []
    for file in store.names(kind):
        if file.endswith(f"/{FILE}"):
            try:
                found.append(read(store, file.removesuffix(f"/{FILE}")))
            except Damaged:
                continue
    return sorted(found, key=lambda one: one.started_at, reverse=True)
