"""`pg_receivewal` with a slot of its own: it follows the server's log, and needs no setting of the server.

Its slot keeps on the server what has not arrived. Room on the disk is worth more than an unbroken chain, so the slot is
dropped when room runs out, and a new base backup begins the chain anew.
"""

import shutil
import signal
import subprocess
import tempfile
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from backups.programs import client, dies_with_us, last_words
from backups.sentences import Stopped
from backups.tls import reached

SLOT = "tika_backup"
APPLICATION = "tika_backup_wal"
OPTIONS = ("--no-loop", "--no-password", "--status-interval=1")
# Below this much room the log is let go.
ROOM = 512 * 2**20
SLOT_SQL = "SELECT active, coalesce(wal_status, ''), restart_lsn::text FROM pg_replication_slots WHERE slot_name = %s"
ARRIVED_SQL = "SELECT state IS NULL, write_lsn >= %s::pg_lsn FROM pg_stat_replication WHERE application_name = %s"


@dataclass
class Receiver:
    url: str
    spool: Path
    process: "subprocess.Popen[bytes] | None" = None
    errors: Any = field(default_factory=lambda: tempfile.TemporaryFile("w+"))  # noqa: SIM115 - as long as it lives
    way: ExitStack = field(default_factory=ExitStack)  # to the server

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ensure(self, connection: "psycopg.Connection[Any]") -> bool:
        """Starts it where it does not run. True when the chain begins anew: there was no slot, or it was lost."""
        if self.runs:
            return False
        self.spool.mkdir(parents=True, exist_ok=True, mode=0o700)
        program = client("pg_receivewal", connection.info.server_version)
        self.way.close()
        environ = self.way.enter_context(reached(self.url, program, PGAPPNAME=APPLICATION))
        row = connection.execute(SLOT_SQL, [SLOT]).fetchone()
        begins = row is None or row[1] == "lost" or row[2] is None
        if row is not None and begins:
            connection.execute("SELECT pg_drop_replication_slot(%s)", [SLOT])
        if begins:
            self.clear()
            connection.execute("SELECT pg_create_physical_replication_slot(%s, true)", [SLOT])
        self.errors.seek(0)
        self.errors.truncate()
        self.process = subprocess.Popen(
            [program, f"--directory={self.spool}", f"--slot={SLOT}", *OPTIONS],
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self.errors,
            preexec_fn=dies_with_us(signal.SIGTERM),
        )
        return begins

    def arrived(self, connection: "psycopg.Connection[Any]", lsn: str) -> bool:
        """Raises Stopped where the role may not see it."""
        row = connection.execute(ARRIVED_SQL, [lsn, APPLICATION]).fetchone()
        if row is not None and row[0]:
            raise Stopped("tika_backup cannot see what has arrived: GRANT pg_read_all_stats TO tika_backup.")
        return row is not None and bool(row[1])

    def said(self) -> str:
        self.errors.seek(0)
        return last_words(self.errors.read())

    def has_room(self) -> bool:
        return not self.spool.exists() or shutil.disk_usage(self.spool).free > ROOM

    def let_go(self, connection: "psycopg.Connection[Any]") -> None:
        """Room before completeness: what has arrived and what waits on the server goes."""
        self.stop()
        connection.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                           " WHERE slot_name = %s AND NOT active", [SLOT])  # fmt: skip
        self.clear()

    def clear(self) -> None:
        shutil.rmtree(self.spool, ignore_errors=True)
        self.spool.mkdir(parents=True, exist_ok=True, mode=0o700)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None
        self.way.close()
