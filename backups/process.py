"""What the `backup` process does (`tika.backup_process` starts it). It has the write-ahead log sent to it, stores it
every minute, and starts what is due; all else is done by commands that come and go, so it stays small.

Nothing that fails here stops Tika: it is said in the log, in the console and by an alert, and tried again.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg

from backups.config import ROOT, Config, configured
from backups.crypt import key_of
from backups.making.base import NoReplication, identify
from backups.making.making import clean, connect
from backups.rows import Rows
from backups.schedule import Facts, due
from backups.sentences import Stopped
from backups.store import store_of
from backups.wal.names import note_covered
from backups.wal.receiver import Receiver
from backups.wal.shipping import Shipping

log = logging.getLogger("tika.backup")
LOOK_EVERY, ARRIVES_WITHIN = 5.0, 10.0
ALIVE = "alive"  # as tika.cli.health has it
NOW_SQL = "SELECT clock_timestamp(), pg_current_wal_flush_lsn()::text"
# One process of an installation receives the log; another one waits for its end.
LOCK_SQL = "SELECT pg_try_advisory_lock(hashtext('tika backup process'))"


class Process:
    def __init__(self, config: Config, ended: threading.Event) -> None:
        self.config = config
        self.ended = ended
        self.started = datetime.now(UTC)
        self.rows = Rows(config.worker)
        self.receiver = Receiver(config.database, config.spool)
        self.command: subprocess.Popen[bytes] | None = None
        self.replication = True
        self.shipping: Shipping | None = None
        self.connection: psycopg.Connection[Any] | None = None
        self.said = ""

    def live(self) -> None:
        stored = 0.0
        try:
            while not self.ended.wait(min(LOOK_EVERY, self.config.store_every) if stored else 0.5):
                if time.monotonic() - stored >= self.config.store_every or not stored:
                    self.turn()
                    stored = time.monotonic()
                self.start_what_is_due()
                self.sign_of_life()
        finally:
            self.end()

    def sign_of_life(self) -> None:
        """For `tika health`."""
        if folder := self.config.environ.get("TIKA_RUN_DIR"):
            with suppress(OSError):
                (Path(folder) / ALIVE).touch()

    # --- the log ---------------------------------------------------------------------------------

    def turn(self) -> None:
        """Stores what has arrived, and says how far that reaches."""
        try:
            if self.lead():
                self.store()
        except (Stopped, OSError, psycopg.Error) as error:
            self.say(clean(error))
            self.connection = None

    def lead(self) -> bool:
        """Whether this is the process that receives the log."""
        if self.connection is not None and not self.connection.closed:
            return True
        self.connection = None
        connection = connect(self.config.database)
        if connection.execute(LOCK_SQL).fetchone() == (True,):
            self.connection = connection
            return True
        connection.close()
        return False

    def store(self) -> None:
        assert self.connection is not None
        try:
            system, _ = identify(self.config.database)
        except NoReplication as error:
            self.replication = False
            self.receiver.stop()
            self.say(str(error), supported=False)
            return
        self.replication = True
        if self.shipping is None:
            key = key_of(self.config.key_file, make=True)
            self.shipping = Shipping(store_of(self.config), key, self.config.spool, system)
        if not self.receiver.has_room():
            self.receiver.let_go(self.connection)
            self.say(
                f"The disk that holds {self.config.spool} is full, so the write-ahead log is no longer received: free"
                " some space. A new base backup begins the chain anew.",
                gap=datetime.now(UTC),
            )
            return
        self._follow()

    def _follow(self) -> None:
        assert self.connection is not None
        assert self.shipping is not None
        begins = self.receiver.ensure(self.connection)
        row = self.connection.execute(NOW_SQL).fetchone()
        assert row is not None
        at, lsn = row
        until = time.monotonic() + ARRIVES_WITHIN
        while not (arrived := self.receiver.arrived(self.connection, lsn)) and time.monotonic() < until:
            if not self.receiver.runs or self.ended.wait(0.2):
                break
        self.shipping.ship(go_on=self.receiver.has_room)
        gap = at if begins else None
        if arrived:
            note_covered(self.shipping.store, self.shipping.system, until=at, lsn=lsn)
            self.rows.write(covered=at, lsn=lsn, gap=gap)
            self.tell("")
        else:
            self.say(f"The write-ahead log does not arrive: {self.receiver.said()}", gap=gap)

    def say(self, sentence: str, *, gap: datetime | None = None, supported: bool = True) -> None:
        self.tell(sentence)
        try:
            self.rows.write(gap=gap, supported=supported, error=sentence)
        except psycopg.Error as error:
            log.warning("this could not be noted: %s", clean(error))

    def tell(self, sentence: str) -> None:
        """Once each time it changes."""
        if sentence and sentence != self.said:
            log.warning("%s", sentence)
        elif self.said and not sentence:
            log.warning("the write-ahead log is being stored again")
        self.said = sentence

    # --- what is due -----------------------------------------------------------------------------

    def start_what_is_due(self) -> None:
        if self.connection is None or (self.command is not None and self.command.poll() is None):
            return
        try:
            wanted = due(self.facts(), self.config.at)
        except psycopg.Error as error:
            self.tell(clean(error))
            return
        if not wanted:
            return
        name = ["restore_drill"] if wanted == ["drill"] else ["backup", *(f"--kind={kind}" for kind in wanted)]
        command = [sys.executable, str(ROOT / "manage.py"), *name, "--scheduled"]
        environ = {**os.environ, "TIKA_DB_ROLE": "worker", "TIKA_SERVICE": "tika-backup"}
        self.command = subprocess.Popen(command, stdin=subprocess.DEVNULL, env=environ, preexec_fn=lambda: os.nice(10))

    def facts(self) -> Facts:
        now, gap, done, tried, drilled, asked, drills = self.rows.facts()
        return Facts(
            now=now,
            started=self.started,
            done=times(done),
            tried=times(tried),
            asked=frozenset(asked or ()),
            gap=gap,
            drilled=drilled,
            drill_asked=drills > 0,
            replication=self.replication,
        )

    def end(self) -> None:
        if self.command is not None and self.command.poll() is None:
            self.command.terminate()
            self.command.wait()
        self.receiver.stop()


def times(found: Mapping[str, str] | None) -> dict[str, datetime]:
    return {kind: datetime.fromisoformat(at) for kind, at in (found or {}).items()}


def main() -> int:
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    try:
        config = configured()
    except Stopped as error:
        log.error("%s", error)
        return 1
    if not config.on:
        log.warning("Backups are off (TIKA_BACKUPS=off).")
        ended.wait()
        return 0
    Process(config, ended).live()
    return 0
