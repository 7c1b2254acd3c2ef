"""Collects, redacts, and packs into one file that only its maker may read."""

import gzip
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from observability.console.support import logs
from observability.console.support.parts import PARTS, Part
from observability.console.version import running
from observability.logs.redaction import LONGEST, learn_secrets, redact, scrub

# Of the archive (research X6). What is in it is no larger before it is packed, so the archive is not, either.
MOST_BYTES = 50 * 10**6
FOR_REST = 10**6  # manifest, headers


@dataclass(frozen=True)
class Piece:
    name: str
    title: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass
class Bundle:
    at: datetime
    pieces: list[Piece] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)  # (name, why)

    @property
    def size(self) -> int:
        return sum(len(one.content) for one in self.pieces)

    def add(self, name: str, title: str, content: bytes) -> None:
        if self.size + len(content) > MOST_BYTES - FOR_REST:
            self.left_out.append((name, _("There was no room for it")))
        else:
            self.pieces.append(Piece(name, title, content))

    def manifest(self) -> dict[str, Any]:
        return {
            "made_at": self.at.isoformat(),
            "version": running(),
            "redacted": "observability.logs.redaction",
            "parts": [
                {"name": one.name, "title": one.title, "bytes": len(one.content), "sha256": one.sha256}
                for one in self.pieces
            ],
            "left_out": [{"name": name, "why": why} for name, why in self.left_out],
        }

    def write(self, path: Path) -> int:
        """Returns its size in bytes. Raises FileExistsError, OSError."""
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with (
            os.fdopen(handle, "wb") as target,
            gzip.GzipFile("", "wb", 9, target) as packed,
            tarfile.open(fileobj=packed, mode="w") as archive,
        ):
            for one in [Piece("manifest.json", "", as_json(self.manifest())), *self.pieces]:
                entry = tarfile.TarInfo(f"tika-support/{one.name}")
                entry.size, entry.mtime, entry.mode = len(one.content), int(self.at.timestamp()), 0o600
                archive.addfile(entry, io.BytesIO(one.content))
        return path.stat().st_size


def collect(given: Sequence[str], *, secrets: dict[str, str], parts: Sequence[Part] = PARTS) -> Bundle:
    """In the operators' transaction. `given` are files of logs; `secrets` by name are hidden wherever they turn up."""
    learn_secrets({**os.environ, **secrets})
    found = Bundle(datetime.now(UTC))
    for part in parts:
        try:
            with transaction.atomic():
                content = text_of(part.collect())
        except (DatabaseError, OSError, ValueError, RuntimeError) as error:
            found.left_out.append((part.name, redact(f"{type(error).__name__}: {error}")))
        else:
            found.add(part.name, str(part.title), content)
    for place, name in enumerate(logs.files_of(list(given) or logs.kept()), start=1):
        add_log(found, place, name)
    return found


def add_log(found: Bundle, place: int, name: str) -> None:
    label = f"logs/{place:02}-{'stdin' if name == logs.STDIN else Path(name).name}.log"
    try:
        content = "\n".join(logs.redacted(logs.tail(name)))
    except OSError as error:
        found.left_out.append((label, str(error.strerror)))
    else:
        found.add(label, _("The newest lines of a log, redacted"), content.encode())


def text_of(value: Any) -> bytes:
    if isinstance(value, str):
        return "\n".join(whole(value)).encode()
    # Dates and the like first become what JSON has.
    plain = json.loads(json.dumps(value, cls=DjangoJSONEncoder, default=str))
    return as_json(scrub(plain))


def whole(text: str) -> Iterator[str]:
    """Line by line, because what is looked at at once is cut."""
    for line in text.splitlines():
        yield redact(line[:LONGEST])


def as_json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"
