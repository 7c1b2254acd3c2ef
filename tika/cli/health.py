"""`tika health`: asks the process that runs beside it, and no other program than Python is needed.

Without --ready it asks nothing of the database: whoever restarts what is not well must not do so for a database that is
away. With it the answer is about taking requests.
"""

import socket
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

# In TIKA_RUN_DIR: the name of the process, and what the worker touches while its loop turns.
MARK = "process"
ALIVE = "alive"
ALIVE_EVERY = 5.0
ALIVE_FOR = 60.0
SECONDS = 8.0
ENOUGH = 8192


def health(arguments: Sequence[str], environ: Mapping[str, str]) -> int:
    """0 when it is well; else 1, and the reason on stderr."""
    named = [word for word in arguments if not word.startswith("-")]
    try:
        name = named[0] if named else (run_dir(environ) / MARK).read_text()
        said = ask(name, environ, ready="--ready" in arguments)
    except OSError as error:
        said = repr(error)
    if said:
        print(said, file=sys.stderr)
    return 1 if said else 0


def ask(name: str, environ: Mapping[str, str], *, ready: bool) -> str:
    """Empty when it is well."""
    if name == "web":
        return get(environ.get("PORT") or "8000", "/readyz" if ready else "/livez")
    if name == "live":
        return get(environ.get("LIVE_PORT") or "8001", "/readyz" if ready else "/livez")
    if name == "exporter":
        return get(environ.get("METRICS_PORT") or "9100", "/metrics")
    if name in {"worker", "backup_process"}:
        age = time.time() - (run_dir(environ) / ALIVE).stat().st_mtime
        return "" if age < ALIVE_FOR else f"its loop has not turned for {age:.0f} s"
    return f"there is no process {name!r}: web, live, worker, exporter or backup_process"


def get(port: str, path: str) -> str:
    """By the socket itself: the library for HTTP takes longer to load than the question takes."""
    answer = b""
    with socket.create_connection(("127.0.0.1", int(port)), SECONDS) as asked:
        asked.sendall(f"GET {path} HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n".encode())
        while len(answer) < ENOUGH and (piece := asked.recv(ENOUGH)):
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    status = head[:64].partition(b" ")[2][:3].decode(errors="replace")
    return "" if status == "200" else f"{path} answers {status}: {body[:500].decode(errors='replace')}"


def run_dir(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("TIKA_RUN_DIR") or "/dev/shm/tika")  # noqa: S108
