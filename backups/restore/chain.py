"""Which base backup and which part of the log lead to a moment."""

from dataclasses import dataclass
from datetime import UTC, datetime

from backups.manifest import Manifest, all_of
from backups.retention import segment_of
from backups.sentences import Stopped
from backups.store import Store
from backups.wal.names import covered, hole, needed, stored_files


@dataclass(frozen=True)
class Chain:
    """`at` is None for the newest there is; `reaches` is the moment up to which everything is stored."""

    base: Manifest
    wal: list[str]
    at: datetime | None
    reaches: datetime

    @property
    def major(self) -> int:
        return self.base.postgres // 10000


def chain_to(store: Store, at: datetime | None) -> Chain:
    """Raises Stopped with what can be restored instead."""
    bases = all_of(store, "base")
    if not bases and (dumps := all_of(store, "logical")):
        raise Stopped(f"The oldest dump is of {words(dumps[-1].time)}: name a later time.")
    if not bases:
        raise Stopped(f"There is no base backup in {store.where}: bin/backup makes one.")
    earlier = [base for base in bases if at is None or base.time <= at]
    if not earlier:
        raise Stopped(f"The oldest base backup is of {words(bases[-1].time)}: name that time or a later one.")
    base = max(earlier, key=lambda one: one.time)
    first = segment_of(base.wal_from, base.timeline)
    wal = needed(stored_files(store, base.system), first)
    reaches = covered(store, base.system) or base.time
    # Its own log is in the base backup, whose end begins a new segment.
    if missing := hole(wal, segment_of(base.wal_to or base.wal_from, base.timeline)):
        if at is not None and at > base.time:
            raise Stopped(
                f"The log from {missing} on is missing in {store.where}: what can be restored is a base backup's own"
                f" moment, {words(base.time)}, or a time after a later base backup."
            )
        wal, reaches = [], base.time
    if at is not None and at > max(reaches, base.time):
        raise Stopped(f"Everything is stored up to {words(reaches)}: name that time or an earlier one.")
    return Chain(base, wal, at, max(reaches, base.time))


def dump_to(store: Store, at: datetime | None) -> Manifest | None:
    """The dump to restore where no base backup leads there, or none as far; None where `chain_to` knows the way."""
    dump, base = newest(store, "logical", at), newest(store, "base", at)
    if dump is None or base is None:
        return dump
    reaches = max(base.time, covered(store, base.system) or base.time)
    return dump if at is None and dump.time > reaches else None


def newest(store: Store, kind: str, at: datetime | None) -> Manifest | None:
    """Not later than `at`."""
    return next((one for one in all_of(store, kind) if at is None or one.time <= at), None)


def words(at: datetime) -> str:
    """To the second, upwards never: what is named is reached."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}"
