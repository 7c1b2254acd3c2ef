"""One workspace put back to a moment, in its own place: only what differs is written, and each difference is logged.

Who is in the workspace stays as it is today, and so do its name, its tokens and its log.
"""

import json
import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from backups.restore.attachments import Attachments, attachments_of
from backups.restore.chain import words
from backups.restore.source import Say, Source
from backups.restore.tables import Model, workspace_tables
from backups.restore.workspace import tenant_then
from backups.restore.writing import insert, remove, stored_columns, update
from backups.sentences import Stopped
from tenancy.context import Actor, tenant_context
from tenancy.models import Membership, Tenant

# Which go on counting, as a version a client has seen is never given again; a change's time is when it is made.
COUNTED = frozenset(
    {"updated_at", "version", "people_version", "last_ticket_number", "last_column_number", "last_label_number"}
)
BATCH = 1000
Row = dict[str, Any]


@dataclass
class Changed:
    """By table: rows brought back, put back, and taken away."""

    rows: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    files_missing: int = 0


def replace(source: Source, slug: str, *, by: Actor, say: Say) -> Changed:
    """In one transaction. Raises Stopped, and changes nothing then."""
    tenant_id = uuid.UUID(tenant_then(source, slug)["id"])
    reason = f"put back to {words(source.at)} from {source.name}"
    with attachments_of(source) as files, tenant_context(tenant_id, actor=by, reason=reason):
        if not Tenant.objects.filter(pk=tenant_id).exists():
            raise Stopped(f"The workspace {slug!r} is gone: leave out --replace, and it comes back beside the others.")
        with connection.cursor() as cursor:
            # Everybody else's writes in this workspace wait; other workspaces don't notice.
            cursor.execute("SELECT 1 FROM boards_board WHERE tenant_id = %s ORDER BY id FOR UPDATE", [tenant_id])
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        return Replacing(source, tenant_id, files, say).all()


@dataclass
class Replacing:
    source: Source
    tenant_id: uuid.UUID
    files: Attachments
    say: Say

    def all(self) -> Changed:
        tables = workspace_tables()
        then = {model: self.then(model) for model in tables}
        now = {model: self.now(model) for model in tables}
        gone: dict[Model, int] = {}
        for model in reversed(tables):
            surplus = [pk for pk in now[model] if pk not in then[model]] if model is not Membership else []
            gone[model] = sum(
                remove(model, self.tenant_id, surplus[i : i + BATCH]) for i in range(0, len(surplus), BATCH)
            )
        back = {model: self.bring_back(model, then[model], now[model]) for model in tables}
        put = {model: self.put_back(model, then[model], now[model]) for model in tables if model is not Membership}
        rows = {model._meta.db_table: (back[model], put.get(model, 0), gone[model]) for model in tables}
        return Changed({table: counts for table, counts in rows.items() if any(counts)}, self.files.missing)

    def then(self, model: Model) -> dict[str, Row]:
        return {row["id"]: row for batch in self.source.rows(model, tenant_id=self.tenant_id) for row in batch}

    def now(self, model: Model) -> dict[str, Row]:
        self.say(f"Comparing {model._meta.db_table}")
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id::text, to_jsonb(t)::text FROM {table} t WHERE tenant_id = %s", [self.tenant_id])  # noqa: S608
            return {pk: json.loads(row) for pk, row in cursor.fetchall()}

    def bring_back(self, model: Model, then: dict[str, Row], now: dict[str, Row]) -> int:
        missing = [row for pk, row in then.items() if pk not in now]
        for row in missing:
            if model is Membership:
                row["is_active"] = False
            if row.get("storage_key"):
                self.files.bring(row["storage_key"], self.tenant_id, as_copy=False)
        return sum(insert(model, missing[i : i + BATCH]) for i in range(0, len(missing), BATCH))

    def put_back(self, model: Model, then: dict[str, Row], now: dict[str, Row]) -> int:
        columns = [column for column in stored_columns(model) if column not in COUNTED | {"id", "tenant_id"}]
        differ = [row for pk, row in then.items() if pk in now and any(row[c] != now[pk][c] for c in columns)]
        return sum(update(model, differ[i : i + BATCH], columns) for i in range(0, len(differ), BATCH))
