"""A large body is taken in before the request's transaction begins: who sends slowly must not hold one open, which
PostgreSQL would end after ten seconds (research check P3)."""

import tempfile
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import LimitedStream

# What a client sends along with the head, or nearly so.
SMALL = 64 * 1024
PIECE = 256 * 1024
# Of these no more than DATA_UPLOAD_MAX_MEMORY_SIZE is read at all.
IN_MEMORY = frozenset({"application/json", "application/x-www-form-urlencoded"})
# Beside the file in a form: the other fields and the borders between them.
FRAME = 1024 * 1024


def is_large(request: Any) -> bool:
    length = length_of(request)
    most = (
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if request.content_type in IN_MEMORY
        else max(settings.IMPORT_MAX_BYTES, settings.FILE_MAX_BYTES) + FRAME
    )
    return SMALL < length <= most


def take_in(request: Any) -> None:
    """From here on the body is read from a file. One that was cut off is as long as what came."""
    length = length_of(request)
    file = tempfile.TemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR)  # noqa: SIM115 - as long as the request
    with suppress(OSError):
        while piece := request._stream.read(PIECE):
            file.write(piece)
    file.seek(0)
    request._stream = LimitedStream(file, length)  # type: ignore[arg-type]


def length_of(request: Any) -> int:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return int(length) if length.isascii() and length.isdigit() else 0
