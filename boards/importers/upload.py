"""A file on its way from the browser to the disk: in one piece from a form, or in slices from a script."""

import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from boards.importers.job import upload_path
from boards.models.importing import Import
from observability.tracing.queue import cause
from tenancy.errors import Conflict, Invalid, Refusal, TooLarge
from tenancy.identity import Member
from tenancy.ids import uuid7

PIECE = 1 << 18
GIVEN_UP_AFTER = 24 * 60 * 60


def part_path(upload_id: uuid.UUID, by: Member) -> Path:
    """Named after the person too, so that nobody adds to another's file."""
    folder = Path(settings.IMPORTS_DIR) / str(by.tenant_id)
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{by.id}-{upload_id}.part"


def check_size(size: int) -> None:
    if size > settings.IMPORT_MAX_BYTES:
        limit = settings.IMPORT_MAX_BYTES // 2**20
        raise TooLarge(_("The file is larger than %(limit)s MB.") % {"limit": limit})


def add_slice(upload_id: uuid.UUID, stream: BinaryIO, *, offset: int, total: int, by: Member) -> int:
    """Puts a slice at its place; returns how much is there. Raises TooLarge; Conflict when the slice doesn't fit on."""
    check_size(total)
    path = part_path(upload_id, by)
    there = path.stat().st_size if path.exists() else 0
    if offset != there:
        raise Conflict(_("The upload goes on elsewhere."), details={"offset": there})
    with path.open("ab") as file:
        while piece := stream.read(min(PIECE, total - there)):
            there += file.write(piece)
    return there


def keep_file(part: Path, name: str, *, by: Member) -> Import:
    """The file is complete: from here on a worker takes care of it. Raises Invalid, TooLarge."""
    size = part.stat().st_size if part.exists() else 0
    try:
        check_size(size)
        if not size:
            raise Invalid.field("file", _("The file is empty."))
    except Refusal:
        part.unlink(missing_ok=True)
        raise
    import_id = uuid7()
    part.replace(upload_path(by.tenant_id, import_id))
    return Import.objects.create(
        id=import_id,
        tenant_id=by.tenant_id,
        source="trello",
        file_name=(name.replace("\x00", "").strip() or "trello.json")[:255],
        file_size=size,
        language=translation.get_language() or "en",
        timezone=by.timezone or settings.TIME_ZONE,
        created_by_id=by.id,
        cause=cause(),
    )


class ToDisk(FileUploadHandler):
    """Of a form: straight into the folder of imports, and no further than an import may be large."""

    def __init__(self, request: Any, *, by: Member) -> None:
        super().__init__(request)
        self._path = part_path(uuid7(), by)
        self._file: BinaryIO | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._file = self._path.open("wb")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        assert self._file is not None
        if start <= settings.IMPORT_MAX_BYTES:
            self._file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:  # type: ignore[type-arg]
        assert self._file is not None
        self._file.close()
        return OnDisk(self._path, self.file_name or "", file_size)

    def upload_interrupted(self) -> None:
        if self._file:
            self._file.close()
            self._path.unlink(missing_ok=True)


class OnDisk(UploadedFile):  # type: ignore[type-arg]
    def __init__(self, path: Path, name: str, size: int) -> None:
        super().__init__(file=None, name=name, size=size)
        self.path = path


def forget_abandoned() -> None:
    """Uploads that were broken off a day ago."""
    before = time.time() - GIVEN_UP_AFTER
    for part in Path(settings.IMPORTS_DIR).glob("*/*.part"):
        with suppress(FileNotFoundError):
            if part.stat().st_mtime < before:
                part.unlink()
