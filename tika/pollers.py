"""Rounds the worker makes by the clock, driven by rows: what is due is read from tables, so no round can be lost.

A new round is one line in `POLLERS`. Each is made by one worker at a time, however many there are.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection

from boards.importers.upload import forget_abandoned
from boards.importers.worker import work_off
from observability.console import rounds
from observability.console.telemetry.sending import send_daily
from observability.console.verbs.marks import note_running_version
from observability.slo import restore_freshness
from observability.slo.prober import probe
from observability.slo.rounds import evaluate, forget_old_counts, roll_up
from tenancy.rounds import forget_old_replies

MONTHS_AHEAD = 3


@dataclass(frozen=True)
class Poller:
    name: str
    every: timedelta
    run: Callable[[], object]

    def make_round(self) -> bool:
        """False when another worker is at it. The lock belongs to the session: the worker connects directly."""
        key = zlib.crc32(f"tika poller {self.name}".encode())
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
            if not cursor.fetchone()[0]:
                return False
        try:
            self.run()
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
        return True


def make_log_partitions() -> None:
    """The log is partitioned by month: a month without a partition would refuse every write."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_make_partitions(%s)", [MONTHS_AHEAD])


def forget_old_sessions() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM tenancy_session WHERE expire_date < now()")
        cursor.execute("DELETE FROM tika_cache WHERE expires < now()")


POLLERS = (
    Poller("log partitions", timedelta(days=1), make_log_partitions),
    Poller("old sessions", timedelta(hours=1), forget_old_sessions),
    Poller("old replies", timedelta(hours=1), forget_old_replies),
    # Two, so that a small import need not wait for the end of a large one.
    Poller("imports", timedelta(seconds=2), work_off),
    Poller("imports beside", timedelta(seconds=2), work_off),
    Poller("abandoned uploads", timedelta(hours=1), forget_abandoned),
    Poller("own address", timedelta(seconds=10), probe),
    Poller("restore freshness", restore_freshness.EVERY, restore_freshness.measure),
    Poller("error budgets", timedelta(seconds=30), evaluate),
    Poller("days of service level counts", timedelta(minutes=10), roll_up),
    Poller("old service level counts", timedelta(hours=6), forget_old_counts),
    Poller("running version", timedelta(hours=1), note_running_version),
    Poller("telemetry", timedelta(days=1), send_daily),
    Poller("old counts of the console", timedelta(hours=1), rounds.forget),
)
