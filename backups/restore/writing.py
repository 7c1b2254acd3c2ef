"""Rows written as anybody's are: through the wall, by the app's rights, into the log."""

import json
from typing import Any

from django.db import connection

from backups.restore.tables import Model

Row = dict[str, Any]


def insert(model: Model, rows: list[Row]) -> int:
    """One statement, of the columns that are stored. Returns how many rows it wrote."""
    if not rows:
        return 0
    table = connection.ops.quote_name(model._meta.db_table)
    columns = ", ".join(connection.ops.quote_name(column) for column in stored_columns(model))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb)",  # noqa: S608
            [json.dumps(rows)],
        )
        return int(cursor.rowcount)


def update(model: Model, rows: list[Row], columns: list[str]) -> int:
    if not rows or not columns:
        return 0
    table = connection.ops.quote_name(model._meta.db_table)
    changes = ", ".join(f"{name} = new.{name}" for name in map(connection.ops.quote_name, columns))
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET {changes} FROM jsonb_populate_recordset(NULL::{table}, %s::jsonb) new"  # noqa: S608
            " WHERE t.tenant_id = new.tenant_id AND t.id = new.id",
            [json.dumps(rows)],
        )
        return int(cursor.rowcount)


def remove(model: Model, tenant_id: Any, ids: list[str]) -> int:
    if not ids:
        return 0
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE tenant_id = %s AND id = ANY (%s::uuid[])", [tenant_id, ids])  # noqa: S608
        return int(cursor.rowcount)


def stored_columns(model: Model) -> list[str]:
    return [str(field.column) for field in model._meta.local_concrete_fields if not getattr(field, "generated", False)]


def record_history(entries: list[Row]) -> int:
    """What happened before, marked as brought in from elsewhere; in the log of the workspace that was told."""
    if not entries:
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_record_imported(%s::jsonb)", [json.dumps(entries)])
        return int(cursor.fetchone()[0])
