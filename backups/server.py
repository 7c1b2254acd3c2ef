"""A PostgreSQL on a folder of its own that nobody else can reach: to restore into, and to look whether it worked."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from backups.programs import account, dies_with_us, last_words, run, server, url_in
from backups.sentences import Stopped

# Both roots of what a restore may take from the machine: its memory and a port nobody should have.
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0777",  # of a folder that only its account may enter
    "shared_buffers": "128MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "archive_mode": "off",
    # While it catches up nobody needs to read, and a standby must be as large as its original.
    "hot_standby": "off",
    "primary_conninfo": "",
    "ssl": "off",
    "shared_preload_libraries": "",
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "timezone": "UTC",
}
PATIENCE = 6 * 60 * 60.0


@dataclass
class Scratch:
    """`folder` holds `data` and the socket."""

    folder: Path
    major: int
    sockets: Path
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "postgres.log"

    def url(self, user: str, database: str) -> str:
        return url_in(self.sockets, user, database)

    def prepare(self) -> None:
        """Rights, and who may connect: everybody who can enter the folder of the socket, which is its account."""
        (self.data / "pg_hba.conf").write_text("local all all trust\n")
        for name in ("postgresql.conf", "pg_ident.conf"):  # some systems keep them elsewhere
            (self.data / name).touch()
        for name in ("postmaster.pid", "postmaster.opts"):
            (self.data / name).unlink(missing_ok=True)
        owner = account()
        if owner is not None:
            for path in (self.data, *self.data.rglob("*"), self.sockets):
                os.chown(path, owner.pw_uid, owner.pw_gid, follow_symlinks=False)
        self.data.chmod(0o700)

    def start(self, **more: str) -> None:
        settings = {
            **SETTINGS,
            "unix_socket_directories": str(self.sockets),
            "hba_file": str(self.data / "pg_hba.conf"),
        }
        options = [part for name, value in (settings | more).items() for part in ("-c", f"{name}={value}")]
        command = [server("postgres", self.major), "-D", str(self.data), *options]
        with self.log.open("ab") as log:
            options_of = as_account() | {"preexec_fn": dies_with_us(signal.SIGINT), "start_new_session": True}
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options_of)

    def wait(self, database: str = "postgres", *, user: str = "tika_backup", seconds: float = PATIENCE) -> None:
        """Until it takes writes. Raises Stopped."""
        until = time.monotonic() + seconds
        while True:
            assert self.process is not None
            if self.process.poll() is not None or time.monotonic() > until:
                raise Stopped(f"The restored PostgreSQL does not start: {last_words(self.said())}")
            try:
                with psycopg.connect(self.url(user, database), connect_timeout=5, autocommit=True) as connection:
                    row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
                    if row == (False,):
                        return
            except psycopg.OperationalError:
                pass
            time.sleep(0.1)

    def said(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def stop(self) -> None:
        if self.process is None:
            return
        for by, patience in ((signal.SIGINT, 60), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
            if self.process.poll() is not None:
                break
            self.process.send_signal(by)
            try:
                self.process.wait(patience)
            except subprocess.TimeoutExpired:
                continue
        self.process = None


def as_account() -> dict[str, Any]:
    options: dict[str, Any] = {"cwd": "/", "env": {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}}
    owner = account()
    if owner is not None:
        options |= {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []}
    return options


# As tika.cli.roles has them, without passwords: a dump names them as owners and in its grants.
ROLES_SQL = """
CREATE ROLE tika_owner; CREATE ROLE tika_definer; CREATE ROLE tika_migrator LOGIN IN ROLE tika_owner;
CREATE ROLE tika_app LOGIN; CREATE ROLE tika_worker LOGIN; CREATE ROLE tika_ops LOGIN;
CREATE ROLE tika_backup LOGIN BYPASSRLS IN ROLE pg_read_all_data;
"""


def start_empty(made: Scratch, database: str) -> None:
    """A new server with Tika's roles and an empty database. Raises Stopped."""
    made.data.rmdir()
    owner = account()
    if owner is not None:
        os.chown(made.sockets, owner.pw_uid, owner.pw_gid)
        made.folder.chmod(0o777)
    command = [server("initdb", made.major), f"--pgdata={made.data}", "--username=postgres", "--auth=trust"]
    options = as_account()
    environ = options.pop("env")
    run([*command, "--encoding=UTF8", "--locale=C", "--no-instructions"], environ, **options)
    made.folder.chmod(0o711)
    made.prepare()
    made.start()
    made.wait(user="postgres")
    with psycopg.connect(made.url("postgres", "postgres"), autocommit=True) as connection:
        for statement in ROLES_SQL.split(";"):
            if statement.strip():
                connection.execute(statement.encode())
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER tika_owner").format(sql.Identifier(database)))


@contextmanager
def scratch(parent: Path, major: int) -> Iterator[Scratch]:
    """Gone afterwards, whatever happened."""
    parent.mkdir(parents=True, exist_ok=True, mode=0o711)
    let_through(parent)
    sweep(parent)
    folder = Path(tempfile.mkdtemp(prefix=f"restore-{os.getpid()}-", dir=parent))
    sockets = Path(tempfile.mkdtemp(prefix="tika-"))
    folder.chmod(0o711)
    made = Scratch(folder, major, sockets)
    made.data.mkdir(mode=0o700)
    try:
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(sockets, ignore_errors=True)


def sweep(parent: Path) -> None:
    """What a killed process has left."""
    for folder in parent.glob("restore-*-*"):
        number = folder.name.split("-")[1]
        if number.isdigit() and not is_running(int(number)):
            shutil.rmtree(folder, ignore_errors=True)


def is_running(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def let_through(path: Path) -> None:
    """PostgreSQL's account may pass the folders above its own (not list them), where we are root."""
    if os.getuid() != 0:
        return
    for folder in (path, *path.resolve().parents):
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)
