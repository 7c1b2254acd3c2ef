"""The data folder: everything Tika keeps on disk, and who is using it."""

import fcntl
import hashlib
import json
import os
import secrets
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tika.cli.refusal import Refusal, disk_full, told_plainly

NEEDED_MB = 300
# sockaddr_un holds 108 bytes on Linux and 104 on macOS, the closing zero included.
SOCKET_PATH_MAX = 100


@dataclass(frozen=True)
class Folder:
    path: Path

    @property
    def database(self) -> Path:
        return self.path / "pgdata"

    @property
    def run(self) -> Path:
        return self.path / "run"

    @property
    def sockets(self) -> Path:
        """Where the Unix sockets are: `run`, or a private folder with a short name when the path is too long."""
        if len(os.fsencode(self.run / "pg" / ".s.PGSQL.5432")) <= SOCKET_PATH_MAX:
            return self.run
        name = hashlib.sha256(os.fsencode(self.path)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"tika-{os.getuid()}-{name}"

    @property
    def database_sockets(self) -> Path:
        return self.sockets / "pg"

    @property
    def hand_over(self) -> Path:
        return self.sockets / "live.sock"

    @property
    def static(self) -> Path:
        return self.path / "static"

    def prepare(self) -> None:
        """Makes the folder, or says in one sentence why it can't be used."""
        with told_plainly(self.path, needed=NEEDED_MB):
            self.path.mkdir(parents=True, exist_ok=True)
            self.run.mkdir(exist_ok=True)
            probe = self.run / f".probe-{os.getpid()}"
            probe.write_bytes(b"")
            probe.unlink()
            if self.sockets != self.run:
                self.sockets.mkdir(mode=0o700, exist_ok=True)
        found = self.sockets.lstat()
        if found.st_uid != os.getuid() and os.getuid() != 0:
            raise Refusal(
                f"{self.sockets} belongs to somebody else: remove it, or use a data folder with a shorter path."
            )
        if self.free_mb() < NEEDED_MB:
            raise disk_full(self.path, needed=NEEDED_MB)

    def free_mb(self) -> int:
        return shutil.disk_usage(self.path).free // 2**20

    # --- kept between starts ---------------------------------------------------------------------

    def secret(self, name: str) -> str:
        """The password or key of this name, made up when it is first asked for."""
        known = self.secrets()
        if name not in known:
            known[name] = secrets.token_urlsafe(50 if name == "secret_key" else 24)
            self.write("secrets.json", known)
        return known[name]

    def secrets(self) -> dict[str, str]:
        return self.read("secrets.json")

    def read(self, name: str) -> dict[str, Any]:
        if not (self.path / name).exists():
            return {}
        try:
            with told_plainly(self.path, needed=NEEDED_MB):
                found: dict[str, Any] = json.loads((self.path / name).read_text())
        except ValueError as error:
            raise Refusal(f"{self.path / name} is damaged: put its backup back, then start again.") from error
        return found

    def write(self, name: str, value: dict[str, Any]) -> None:
        """Whole or not at all, and for this user's eyes only."""
        target = self.path / name
        fresh = target.with_name(f".{target.name}.{os.getpid()}")
        with told_plainly(self.path, needed=NEEDED_MB):
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w") as file:
                json.dump(value, file, indent=2)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(target)

    # --- who uses it -----------------------------------------------------------------------------

    def lock(self) -> IO[str]:
        """Held as long as the returned file is open; there is one at a time."""
        with told_plainly(self.path, needed=NEEDED_MB):
            file = (self.run / "lock").open("a+")
        # One that is about to go, or is only looking whether it is in use, gets a second.
        until = time.monotonic() + 1
        while not taken(file):
            if time.monotonic() > until:
                file.seek(0)
                holder = file.read().strip() or "unknown"
                raise Refusal(
                    f"The data folder {self.path} is in use by another Tika (process {holder}):"
                    " stop that one first, or name another folder with TIKA_DATA_DIR."
                )
            time.sleep(0.05)
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        return file

    def in_use(self) -> bool:
        if not (self.run / "lock").exists():
            return False
        with (self.run / "lock").open() as file:
            return not taken(file)


def taken(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
