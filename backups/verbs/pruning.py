"""Letting go of what is no longer kept: backups by age, the log by days, files nobody names."""

from collections.abc import Iterable
from datetime import datetime

from backups.making.files import OBJECTS
from backups.manifest import FILE, Manifest, all_of
from backups.models import Backup, State
from backups.packing import Part
from backups.retention import Keep, is_segment, kept, prunable_wal, segment_of, with_log
from backups.store import Store
from backups.wal.names import ENDING, stored_files, stored_name
from tenancy.context import Actor, tenant_context
from tenancy.operators import OPERATORS_ID


def prune(store: Store, keep: Keep, *, by: Actor) -> int:
    """How many backups went. Raises Stopped. The rows stay and say so."""
    gone = []
    for kind in ("base", "logical", "files"):
        found = all_of(store, kind)
        stays = kept([one.time for one in found], keep)
        left = [one for one in found if one.time in stays]
        for one in found:
            if one.time not in stays:
                remove(store, one)
                gone.append(one.name)
        if kind == "base":
            prune_wal(store, found, with_log([one.time for one in left], keep))
        if kind == "files" and left:
            prune_objects(store, [part for one in left for part in one.parts])
    with tenant_context(OPERATORS_ID, actor=by):
        Backup.objects.filter(tenant_id=OPERATORS_ID, name__in=gone, state=State.DONE).update(state=State.PRUNED)
    return len(gone)


def remove(store: Store, manifest: Manifest) -> None:
    """The manifest first: what has none is no backup."""
    store.remove(f"{manifest.name}/{FILE}")
    for part in manifest.parts:
        if part.name.startswith(manifest.name):
            store.remove(part.name)


def prune_wal(store: Store, bases: Iterable[Manifest], reached: set[datetime]) -> None:
    """Back to the oldest base backup among `reached`; an older one holds its own moment, and needs no log for it."""
    by_system: dict[str, list[str]] = {}
    for base in (base for base in bases if base.wal_from):
        needed = by_system.setdefault(base.system, [])
        if base.time in reached:
            needed.append(segment_of(base.wal_from, base.timeline))
    for system, needed in by_system.items():
        names = list(stored_files(store, system))
        for name in prunable_wal(names, needed) if needed else filter(is_segment, names):
            store.remove(stored_name(system, name))


def prune_objects(store: Store, named: Iterable[Part]) -> None:
    stays = {part.name for part in named}
    for name in list(store.names(f"{OBJECTS}/")):
        if name not in stays and name.endswith(ENDING):
            store.remove(name)
