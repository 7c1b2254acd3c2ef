"""Attachments that came as files: onto the disk, and off it again when the import fails."""

import mimetypes
import shutil
import uuid
from typing import Any

from boards.importers import draft
from boards.importers.target import Run
from boards.models import Attachment
from boards.verbs.attachments import CHUNK, clean_name, path_of
from tenancy.ids import uuid7


def stored(run: Run, attachment: draft.Attachment) -> dict[str, Any]:
    """The row's fields: of the file where it came with the export, else of the link."""
    file = run.shelf.find(attachment.source_id, attachment.file_name) if attachment.is_upload else None
    if file is None or file.size > run.largest_file:
        return {"name": attachment.name, "url": attachment.url, "content_type": attachment.content_type}
    key = f"{run.tenant_id}/{_prefix(run.import_id)}{uuid7()}"
    path = path_of(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    with file.open() as source, path.open("xb") as copy:
        shutil.copyfileobj(source, copy, CHUNK)
    guessed = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return {
        "name": clean_name(attachment.name),
        "size": path.stat().st_size,
        "content_type": (attachment.content_type or guessed)[:100],
        "storage_key": key,
    }


def sweep(tenant_id: uuid.UUID, import_id: uuid.UUID) -> None:
    """Removes the import's files that no row names: a run was interrupted, or has been undone."""
    folder = path_of(str(tenant_id))
    kept = set(
        Attachment.objects.filter(tenant_id=tenant_id, storage_key__contains=_prefix(import_id)).values_list(
            "storage_key", flat=True
        )
    )
    for path in folder.glob(f"{_prefix(import_id)}*"):
        if f"{tenant_id}/{path.name}" not in kept:
            path.unlink(missing_ok=True)


def _prefix(import_id: uuid.UUID) -> str:
    return f"import-{import_id.hex}-"
