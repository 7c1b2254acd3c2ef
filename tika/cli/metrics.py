"""Where the processes of one installation count, and the socket their numbers are fetched from."""

import hashlib
import os
import shutil
import socket
from collections.abc import Mapping
from pathlib import Path

from observability.metrics.configuration import door_at
from observability.metrics.folder import Folder as Pages
from tika.cli.folder import Folder
from tika.cli.progress import say
from tika.cli.refusal import Refusal

PORT = 9100
MEMORY = Path("/dev/shm")  # noqa: S108
NEEDED_MB = 64


def metrics_folder(folder: Folder, environ: Mapping[str, str]) -> Path:
    """In memory where there is some: what is counted there is no work for the disk."""
    if given := environ.get("TIKA_METRICS_DIR"):
        return Path(given)
    name = f"tika-{os.getuid()}-{hashlib.sha256(os.fsencode(folder.path)).hexdigest()[:12]}"
    mine = MEMORY / name
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < NEEDED_MB * 2**20:
        return folder.run / "metrics"
    if mine.exists() and (mine.is_symlink() or mine.lstat().st_uid != os.getuid()):
        return folder.run / "metrics"
    return mine


def wipe(path: Path) -> None:
    """At the start, when nobody counts yet: an installation that starts begins at 0."""
    try:
        Pages(path).wipe()
    except OSError as error:
        # Counting is not what a start should fail for; the processes tell of it too.
        say(f"  note: {path} cannot be used for metrics: {error}")


def clear(path: Path) -> None:
    """At the end: memory is given back."""
    for left in [*path.glob("*.page"), path / "lock"]:
        left.unlink(missing_ok=True)
    if path.is_dir() and not any(path.iterdir()):
        path.rmdir()


def metrics_door(environ: Mapping[str, str]) -> socket.socket | None:
    """The listening socket, on METRICS_PORT or on 9100 or, where that is taken, a free one; None with TIKA_METRICS=off.

    Raises Refusal.
    """
    if environ.get("TIKA_METRICS") == "off":
        return None
    host, text = environ.get("METRICS_HOST") or "127.0.0.1", environ.get("METRICS_PORT", "").strip()
    if text and not (text.isdecimal() and int(text) <= 65535):
        raise Refusal(
            f"METRICS_PORT is {text!r}: it must be a number from 1 to 65535, for example METRICS_PORT={PORT}."
        )
    for port in [int(text)] if text else [PORT, 0]:
        try:
            return door_at(host, port)
        except OSError as error:
            last = error
    raise Refusal(
        f"Metrics can't be served on {host} port {text or PORT} ({last.strerror}): choose another METRICS_PORT or"
        " METRICS_HOST, or none with TIKA_METRICS=off."
    )
