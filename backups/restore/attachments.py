"""The files of rows that are brought back: from this installation where they are still there, else from the store."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from backups.packing import Part
from backups.restore import files
from backups.restore.source import Source
from tenancy.ids import uuid7


@dataclass
class Attachments:
    """`missing` are names of files that are in neither place: their rows come back without them."""

    source: Source
    parts: dict[str, Part]
    written: list[Path] = field(default_factory=list)
    missing: int = 0

    def bring(self, storage_key: str, tenant_id: uuid.UUID, *, as_copy: bool = True) -> str:
        """The key under which the file is there now."""
        key = f"{tenant_id}/{uuid7()}" if as_copy else storage_key
        target, present = settings.FILES_DIR / key, settings.FILES_DIR / storage_key
        if target.exists():
            return key
        if present.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(present, target)
        elif part := self.parts.get(storage_key):
            files.fetch(self.source.store, self.source.key, part, target)
        else:
            self.missing += 1
            return key
        self.written.append(target)
        return key


@contextmanager
def attachments_of(source: Source) -> Iterator[Attachments]:
    """What was written goes again when the block fails."""
    found = Attachments(source, files.parts_of(files.of_moment(source.store, source.at)))
    try:
        yield found
    except BaseException:
        for path in found.written:
            path.unlink(missing_ok=True)
        raise
