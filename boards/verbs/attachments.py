"""Files and links of a ticket. A file is on disk before its row is written, and gone after its row is."""

import os
import unicodedata
import uuid
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from boards.models import Attachment
from boards.verbs.locking import lock_board_of
from tenancy.errors import TooLarge
from tenancy.identity import Member
from tenancy.ids import uuid7

CHUNK = 1024 * 1024


def clean_name(name: str) -> str:
    """The last part of a path, without control characters, short enough for any file system."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cs", "Cf"}).strip(" .")
    stem, dot, ending = shown.rpartition(".")
    return (f"{stem[: 250 - len(ending)]}{dot}{ending}" if len(ending) < 20 else shown[:250]) or "file"


def path_of(storage_key: str) -> Path:
    return Path(settings.FILES_DIR) / storage_key


def store(ticket_id: uuid.UUID, upload: UploadedFile, *, by: Member) -> Attachment:  # type: ignore[type-arg]
    """Raises TooLarge, NotFound. A failure leaves neither file nor row."""
    size = upload.size or 0
    if size > settings.FILE_MAX_BYTES:
        limit = settings.FILE_MAX_BYTES // (1024 * 1024)
        raise TooLarge(_("The file is larger than %(limit)s MB.") % {"limit": limit})
    board = lock_board_of("ticket", ticket_id, by=by)
    key = f"{by.tenant_id}/{uuid7()}"
    write_file(path_of(key), upload)
    try:
        with transaction.atomic():
            return Attachment.objects.create(
                tenant_id=by.tenant_id,
                board_id=board.id,
                ticket_id=ticket_id,
                name=clean_name(upload.name or "file"),
                size=size,
                content_type=(upload.content_type or "")[:100],
                storage_key=key,
                created_at=timezone.now(),
                created_by_id=by.id,
            )
    except BaseException:
        path_of(key).unlink(missing_ok=True)
        raise


def write_file(path: Path, upload: UploadedFile) -> None:  # type: ignore[type-arg]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        for chunk in upload.chunks(CHUNK):
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def delete(attachment: Attachment, *, by: Member) -> None:
    lock_board_of("attachment", attachment.pk, by=by)
    Attachment.objects.filter(tenant_id=by.tenant_id, pk=attachment.pk).delete()
    if attachment.storage_key:
        path = path_of(attachment.storage_key)
        transaction.on_commit(lambda: path.unlink(missing_ok=True))
