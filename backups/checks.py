"""What a restored database must pass. A new check is one function and its line in `CHECKS`; others may add theirs.

A check takes what is looked at and yields sentences about what is wrong.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.apps import apps
from psycopg import Connection, sql

from audit.models import Entry
from backups.contents import Contents, contents, differences
from tenancy.base import TenantModel
from tenancy.models import Tenant

SHOWN = 10


@dataclass(frozen=True)
class Restored:
    """`see_all` is a connection as tika_backup, `as_app` opens one as the app. What it is compared with was looked at
    twice, just before and just after the moment it was restored to."""

    see_all: "Connection[Any]"
    as_app: "Connection[Any]"
    before: Contents
    after: Contents
    migrations: dict[str, str]


def contents_match(restored: Restored) -> Iterator[str]:
    found = contents(restored.see_all, [table for table in restored.before if exists(restored, table)])
    yield from differences(restored.before, found, later=restored.after)


def exists(restored: Restored, table: str) -> bool:
    row = restored.see_all.execute("SELECT to_regclass(%s) IS NOT NULL", [f"public.{table}"]).fetchone()
    return row is not None and bool(row[0])


def tenant_tables() -> list[str]:
    models = (model for model in apps.get_models() if issubclass(model, TenantModel) or model in (Tenant, Entry))
    return sorted(model._meta.db_table for model in models)


def wall_stands(restored: Restored) -> Iterator[str]:
    query = """SELECT c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
        SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive AND p.polname = 'tenant_wall')
        FROM pg_class c WHERE c.oid = to_regclass(%s)"""
    for table in tenant_tables():
        row = restored.see_all.execute(query, [f"public.{table}"]).fetchone()
        if row is None or not row[0]:
            yield f"{table} is not walled"


def stranger_sees_nothing(restored: Restored) -> Iterator[str]:
    """As the app, told no workspace and told one that does not exist."""
    for tenant in ("", str(uuid4())):
        with restored.as_app.transaction():
            restored.as_app.execute("SELECT set_config('app.tenant_id', %s, true)", [tenant])
            for table in tenant_tables():
                query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table))
                row = restored.as_app.execute(query).fetchone()
                if row is None or row[0]:
                    yield f"{table} shows rows to a stranger"


def log_is_whole(restored: Restored) -> Iterator[str]:
    """Append-only, partitioned, and no board is ahead of its own log."""
    query = "SELECT count(*) FROM pg_inherits WHERE inhparent = 'audit_entry'::regclass"
    row = restored.see_all.execute(query).fetchone()
    if row is None or row[0] < 2:
        yield "the log has lost its partitions"
    query = "SELECT 1 FROM pg_trigger WHERE tgrelid = 'audit_entry'::regclass AND tgname = 'audit_append_only'"
    if restored.see_all.execute(query).fetchone() is None:
        yield "the log is not append-only"
    query = """SELECT b.id FROM boards_board b JOIN LATERAL (
        SELECT max(e.board_version) AS newest FROM audit_entry e WHERE e.tenant_id = b.tenant_id AND e.board_id = b.id
    ) log ON true WHERE log.newest > b.version LIMIT 10"""
    yield from (f"the log knows more of board {row[0]} than the board" for row in restored.see_all.execute(query))


def schema_is_ours(restored: Restored) -> Iterator[str]:
    found = {(row[0], row[1]) for row in restored.see_all.execute("SELECT app, name FROM django_migrations")}
    yield from (f"{app} lacks {name}" for app, name in restored.migrations.items() if (app, name) not in found)


Check = Callable[[Restored], Iterator[str]]
CHECKS: dict[str, Check] = {
    "contents": contents_match,
    "wall": wall_stands,
    "stranger": stranger_sees_nothing,
    "log": log_is_whole,
    "schema": schema_is_ours,
}


def look(restored: Restored) -> list[dict[str, Any]]:
    """[{"name", "passed", "found"}], as `RestoreDrill.checks` keeps them."""
    results = []
    for name, check in CHECKS.items():
        found = list(check(restored))
        more = [f"and {len(found) - SHOWN} more"] if len(found) > SHOWN else []
        results.append({"name": name, "passed": not found, "found": found[:SHOWN] + more})
    return results
