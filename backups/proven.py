"""The last restore that was proven to work: what others ask before they dare something."""

import uuid
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from backups.models import Archive, Backup, RestoreDrill, State
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID

# A drill a week, and a day for it to be late.
FRESH_FOR = timedelta(days=8)


class Proven(NamedTuple):
    """`when` the drill ended that passed, of which backup, and how long ago that is."""

    when: datetime
    backup_id: uuid.UUID | None
    age: timedelta

    @property
    def is_fresh(self) -> bool:
        return self.age <= FRESH_FOR


def last_proven() -> Proven | None:
    """None where no drill has passed yet. Opens a transaction of its own, or joins one of the operators' workspace."""
    with tenant_context(OPERATORS_ID):
        passed = RestoreDrill.objects.filter(tenant_id=OPERATORS_ID, state=RestoreDrill.State.PASSED)
        row = passed.order_by("-ended_at").first()
    if row is None or row.ended_at is None:
        return None
    return Proven(row.ended_at, row.backup_id, timezone.now() - row.ended_at)


def last_backup() -> Backup | None:
    """The newest that holds the database."""
    with tenant_context(OPERATORS_ID):
        done = Backup.objects.filter(tenant_id=OPERATORS_ID, state=State.DONE).exclude(kind="files")
        return done.order_by("-started_at").first()


def measured_rpo() -> timedelta | None:
    """What would be lost if the database were gone now; None where nothing has been stored yet."""
    with tenant_context(OPERATORS_ID):
        row = Archive.objects.filter(tenant_id=OPERATORS_ID).first()
    newest = last_backup()
    if newest is None or newest.covers is None:
        return None
    reaches = newest.covers
    # The log without a base backup since it began leads nowhere.
    if row is not None and row.covered_until and has_base_since(row):
        reaches = max(reaches, row.covered_until)
    return max(timedelta(0), timezone.now() - reaches)


def sends_log() -> bool:
    """Whether the database lets its write-ahead log be received; without it, dumps are all there is."""
    with tenant_context(OPERATORS_ID):
        return not Archive.objects.filter(tenant_id=OPERATORS_ID, is_supported=False).exists()


def has_base_since(row: Archive) -> bool:
    with tenant_context(OPERATORS_ID):
        bases = Backup.objects.filter(tenant_id=OPERATORS_ID, kind="base", state=State.DONE)
        return bases.filter(started_at__gte=row.gap_at).exists() if row.gap_at else bases.exists()
