"""Filling a column of a table that people use: some rows at a time, each time a transaction of its own."""

import time
from typing import Any

from django.db import transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState

ROWS = 1000
# Between two batches, in seconds: whoever waits for a lock or the disk comes first.
PAUSE = 0.02


class Backfill(Operation):
    """Runs `sql` until it changes nothing more. In a migration of its own with `atomic = False`.

    It must name the rows that are left itself, and no more than %(rows)s of them:

        UPDATE boards_ticket SET size = 1 WHERE id IN (SELECT id FROM boards_ticket WHERE size IS NULL LIMIT %(rows)s)

    So one that was killed goes on where it was when it is started again: nothing is lost or done twice. It runs as
    tika_definer, who sees the rows of all tenants, which the owner does not.
    """

    reduces_to_sql = False
    reversible = True
    category = OperationCategory.SQL

    def __init__(self, sql: str, *, rows: int = ROWS, pause: float = PAUSE) -> None:
        if "%(rows)s" not in sql:
            raise ValueError("Backfill needs %(rows)s in its statement: how many rows it may change at a time.")
        self.sql, self.rows, self.pause = sql, rows, pause

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        return None

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: Any, to_state: Any
    ) -> None:
        connection = schema_editor.connection
        while True:
            with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                cursor.execute("SET LOCAL ROLE tika_definer")
                cursor.execute(self.sql, {"rows": self.rows})
                changed = cursor.rowcount
            if changed < 1:
                return
            time.sleep(self.pause)

    def database_backwards(self, *args: Any) -> None:
        """Migrations go forward only: what was filled stays."""

    def describe(self) -> str:
        return f"Fill in batches of {self.rows}"
