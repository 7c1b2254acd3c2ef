"""The newest lines of the logs an installation keeps, each redacted as if it were written now."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from observability.logs.redaction import redact, scrub

# Of one file, from its end; a container's engine and journald keep lines as well, which are given by `--logs -`.
MOST_BYTES = 8 * 2**20
MOST_FILES = 20
STDIN = "-"


def kept() -> list[str]:
    """What `bin/run` leaves in its data folder."""
    return [str(path) for path in sorted((settings.DATA_DIR / "run").glob("*.log"))]


def files_of(given: list[str]) -> list[str]:
    """A folder stands for the files in it, the newest first."""
    found: list[str] = []
    for name in given:
        path = Path(name)
        if name != STDIN and path.is_dir():
            inside = sorted((one for one in path.iterdir() if one.is_file()), key=lambda one: -one.stat().st_mtime)
            found += [str(one) for one in inside]
        else:
            found.append(name)
    return found[:MOST_FILES]


def tail(name: str) -> bytes:
    """Raises OSError."""
    if name == STDIN:
        return tail_of(sys.stdin.buffer.read())
    with Path(name).open("rb") as source:
        size = os.fstat(source.fileno()).st_size
        source.seek(max(0, size - MOST_BYTES))
        found = source.read(MOST_BYTES)
    return found.partition(b"\n")[2] if size > MOST_BYTES else found


def tail_of(text: bytes) -> bytes:
    return text[-MOST_BYTES:].partition(b"\n")[2] if len(text) > MOST_BYTES else text


def redacted(text: bytes) -> Iterator[str]:
    for line in text.decode(errors="replace").splitlines():
        yield clean(line)


def clean(line: str) -> str:
    """A line of JSON is judged by its names, too; a container's engine may have put something before it."""
    before, brace, rest = line.partition("{")
    if brace:
        try:
            return redact(before) + json.dumps(scrub(json.loads(brace + rest)), ensure_ascii=False)
        except ValueError:
            pass
    return redact(line)
