"""Counts whether the last proven restore is fresh: an event every ten minutes, good or bad."""

from datetime import timedelta

from django.utils import timezone

from backups.proven import FRESH_FOR, last_backup, last_proven
from observability.slo.tally import tally

EVERY = timedelta(minutes=10)
GOOD, BAD = 0.0, 1.0


def measure() -> None:
    """Nothing is counted before a first drill is late: a new installation has broken no promise."""
    proven = last_proven()
    if proven is not None:
        tally.measure("restore_freshness", GOOD if proven.is_fresh else BAD)
        return
    first = last_backup()
    if first is not None and timezone.now() - first.started_at > FRESH_FOR:
        tally.measure("restore_freshness", BAD)
