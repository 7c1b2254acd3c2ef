"""One board as it was at a moment, side by side with today's: a second board of the same workspace."""

import uuid
from dataclasses import dataclass
from typing import Any

from backups.restore.attachments import Attachments, attachments_of
from backups.restore.chain import words
from backups.restore.mapping import Renamed, columns_to_rename, rename_in, renamed
from backups.restore.source import Say, Source
from backups.restore.tables import Model, board_tables, keys
from backups.restore.workspace import Brought, named, tenant_then, told_again
from backups.restore.writing import insert, record_history
from backups.sentences import Stopped
from boards.models import Board
from tenancy.context import Actor, tenant_context
from tenancy.ids import uuid7
from tenancy.models import Membership, Tenant

KEY_MAX = 10


def beside(source: Source, slug: str, key: str, *, by: Actor, say: Say) -> Brought:
    """Raises Stopped, and leaves nothing then."""
    tenant_id = uuid.UUID(tenant_then(source, slug)["id"])
    then = board_then(source, tenant_id, key)
    fresh = uuid7()
    reason = f"restored from {source.name} as of {words(source.at)}"
    with attachments_of(source) as files, tenant_context(tenant_id, actor=by, reason=reason):
        if not Tenant.objects.filter(pk=tenant_id).exists():
            raise Stopped(f"The workspace {slug!r} is gone: bring it back with --workspace {slug} alone.")
        found = BoardCopy(source, tenant_id, uuid.UUID(then["id"]), fresh, files, say).all()
        made = Board.objects.get(tenant_id=tenant_id, pk=found.renamed(then["id"]))
    return Brought(f"{slug}/boards/{made.key}", found.rows, found.entries, files.missing)


def board_then(source: Source, tenant_id: uuid.UUID, key: str) -> dict[str, Any]:
    for batch in source.read("boards_board", tenant_id=tenant_id, key=key):
        return dict(batch[0])
    raise Stopped(f"The workspace had no board {key!r} at {words(source.at)}.")


def free_key(tenant_id: uuid.UUID, key: str) -> str:
    """OPS2 beside OPS."""
    taken = set(Board.objects.filter(tenant_id=tenant_id).values_list("key", flat=True))
    number = 2
    while (wanted := key[: KEY_MAX - len(str(number))] + str(number)) in taken:
        number += 1
    return wanted


@dataclass
class BoardCopy:
    source: Source
    tenant_id: uuid.UUID
    board_id: uuid.UUID
    salt: uuid.UUID
    files: Attachments
    say: Say

    def __post_init__(self) -> None:
        self.renamed: Renamed = renamed(self.salt)
        self.rows: dict[str, int] = {}
        self.entries = 0
        self.people = {
            str(pk) for pk in Membership.objects.filter(tenant_id=self.tenant_id).values_list("pk", flat=True)
        }

    def all(self) -> "BoardCopy":
        tables = board_tables()
        for model in tables:
            wanted = {"id": self.board_id} if model is Board else {"board_id": self.board_id}
            self.rows[model._meta.db_table] = 0
            for batch in self.source.rows(model, tenant_id=self.tenant_id, **wanted):
                ready = [row for row in batch if self.adapt(model, row, set(tables))]
                self.rows[model._meta.db_table] += insert(model, ready)
                self.say(f"{model._meta.db_table}: {self.rows[model._meta.db_table]} rows")
        for batch in self.source.read("audit_entry", tenant_id=self.tenant_id, board_id=self.board_id):
            # People are the same ones: only what is on the board has a new id.
            self.entries += record_history([self.told_again(entry) for entry in batch])
        return self

    def adapt(self, model: Model, row: dict[str, Any], copied: set[Model]) -> bool:
        """False where the row has lost whom it is about."""
        for field in keys(model):
            if field.related_model is Membership and row[field.column] not in (None, *self.people):
                if not field.null:
                    return False
                row[field.column] = None
        rename_in(row, columns_to_rename(model, copied), self.renamed)
        if model is Board:
            row |= {"name": self.name(row), "key": free_key(self.tenant_id, row["key"])}
            row |= {"archived_at": None, "trashed_at": None}
        if row.get("storage_key"):
            row["storage_key"] = self.files.bring(row["storage_key"], self.tenant_id)
        return True

    def name(self, row: dict[str, Any]) -> str:
        return named(row["name"], self.source)

    def told_again(self, entry: dict[str, Any]) -> dict[str, Any]:
        def rename(old: str) -> str:
            return old if old in self.people or old == str(self.tenant_id) else self.renamed(old)

        return told_again(entry, rename)
