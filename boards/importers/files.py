"""Attachments that came as files: onto the disk, and off it again when the import fails."""

import mimetypes
import shutil
from typing import Any

from boards.importers import draft
from boards.importers.target import Run
from boards.verbs.attachments import CHUNK, clean_name, path_of
from tenancy.ids import uuid7


def stored(run: Run, attachment: draft.Attachment) -> dict[str, Any]:
    """The row's fields: of the file where it came with the export, else of the link."""
    file = run.shelf.find(attachment.source_id, attachment.file_name) if attachment.file_name else None
    if file is None or file.size > run.largest_file:
        return {"name": attachment.name, "url": attachment.url, "content_type": attachment.content_type}
    key = f"{run.tenant_id}/{uuid7()}"
    path = path_of(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    run.made_files.append(path)
    with file.open() as source, path.open("xb") as copy:
        shutil.copyfileobj(source, copy, CHUNK)
    guessed = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return {
        "name": clean_name(attachment.name),
        "size": path.stat().st_size,
        "content_type": (attachment.content_type or guessed)[:100],
        "storage_key": key,
    }
