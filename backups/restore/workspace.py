"""One workspace as it was at a moment, beside the one of today: other ids, another address, and its history.

Written as any workspace is, in one transaction that was told the new one: the wall stands all the time, and no other
workspace's rows can be read or touched by it.
"""

import uuid
from dataclasses import dataclass, field
from typing import Any

from backups.restore.attachments import Attachments, attachments_of
from backups.restore.chain import words
from backups.restore.mapping import columns_to_rename, rename_everywhere, rename_in, renamed
from backups.restore.source import Say, Source
from backups.restore.tables import Model, workspace_tables
from backups.restore.writing import insert, record_history
from backups.sentences import Stopped
from tenancy.context import Actor, tenant_context
from tenancy.ids import uuid7
from tenancy.models import Membership, Tenant, User
from tenancy.operators import OPERATORS_ID
from tenancy.verbs import workspaces

NAME_MAX = 100


@dataclass
class Brought:
    """Rows by table, and entries of the log."""

    slug: str = ""
    rows: dict[str, int] = field(default_factory=dict)
    entries: int = 0
    files_missing: int = 0


def tenant_then(source: Source, slug: str) -> dict[str, Any]:
    """Its row at that moment. Raises Stopped."""
    for batch in source.read("tenancy_tenant", slug=slug):
        for row in batch:
            if row["id"] == str(OPERATORS_ID):
                raise Stopped("The operators' workspace comes back with the whole installation only: see --to.")
            return dict(row)
    raise Stopped(f"There was no workspace {slug!r} at {words(source.at)}.")


def beside(source: Source, slug: str, *, by: Actor, say: Say) -> Brought:
    """Raises Stopped, and leaves nothing then."""
    then = tenant_then(source, slug)
    fresh = uuid7()
    made = Tenant(id=fresh, slug=workspaces.free_slug(f"{slug}-restored"), member_count=then["member_count"])
    made.name = named(then["name"], source)
    active = active_now(uuid.UUID(then["id"]))
    reason = f"restored from {source.name} as of {words(source.at)}"
    with attachments_of(source) as files, tenant_context(fresh, actor=by, reason=reason):
        made.save(force_insert=True)
        found = Copy(source, uuid.UUID(then["id"]), fresh, files, active, say).all()
    found.slug, found.files_missing = made.slug, files.missing
    return found


def named(name: str, source: Source) -> str:
    ending = f" (as of {source.at:%Y-%m-%d %H:%M})"
    return name[: NAME_MAX - len(ending)] + ending


def active_now(tenant_id: uuid.UUID) -> dict[str, str] | None:
    """Role by user id, of who is in the workspace today: whoever has left since gets no way back. None where it is
    gone itself."""
    with tenant_context(tenant_id):
        if not Tenant.objects.filter(pk=tenant_id).exists():
            return None
        mine = Membership.objects.filter(tenant_id=tenant_id, is_active=True, user__isnull=False)
        return {str(user): role for user, role in mine.values_list("user_id", "role")}


@dataclass
class Copy:
    source: Source
    old: uuid.UUID
    new: uuid.UUID
    files: Attachments
    active: dict[str, str] | None
    say: Say
    done: Brought = field(default_factory=Brought)

    def all(self) -> Brought:
        tables = workspace_tables()
        for model in tables:
            self.table(model, set(tables))
        self.history()
        return self.done

    def table(self, model: Model, copied: set[Model]) -> None:
        rename, columns = renamed(self.new), columns_to_rename(model, copied)
        name, written, wanted = model._meta.db_table, 0, 0
        for batch in self.source.rows(model, tenant_id=self.old):
            for row in batch:
                row["tenant_id"] = str(self.new)
                rename_in(row, columns, rename)
                self.adapt(model, row)
            wanted += len(batch)
            written += insert(model, batch)
            self.say(f"{name}: {written} rows")
        if written != wanted:
            raise Stopped(f"Of {wanted} rows of {name} only {written} could be written; nothing was changed.")
        self.done.rows[name] = written

    def adapt(self, model: Model, row: dict[str, Any]) -> None:
        if model is Membership:
            self.adapt_member(row)
        elif row.get("storage_key"):
            row["storage_key"] = self.files.bring(row["storage_key"], self.new)

    def adapt_member(self, row: dict[str, Any]) -> None:
        user = row["user_id"]
        if user and not User.objects.filter(pk=user).exists():
            row["user_id"] = None
        if self.active is not None and user:
            row["is_active"] = row["is_active"] and user in self.active
            row["role"] = self.active.get(user, row["role"])

    def history(self) -> None:
        rename = renamed(self.new)
        for batch in self.source.read("audit_entry", tenant_id=self.old):
            self.done.entries += record_history([told_again(entry, rename) for entry in batch])
            self.say(f"History: {self.done.entries} entries")


def told_again(entry: dict[str, Any], rename: Any) -> dict[str, Any]:
    """As audit_record_imported takes it."""
    wanted = ("actor_id", "resource_id", "subject_id", "board_id", "changes")
    kept = {"at": entry["at"], "action": entry["action"], "resource": entry["resource"]}
    return kept | {name: rename_everywhere(entry[name], rename) for name in wanted}
