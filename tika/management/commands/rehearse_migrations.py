"""For bin/upgrade, on a copy of the database: runs the migrations and tells how long each holds which tables."""

import json
import time
from typing import Any

from django.core.management import BaseCommand, CommandError
from django.db import connection
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.migrations.executor import MigrationExecutor

TABLES = "SELECT oid FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
# Those that keep readers or writers away.
HELD = """
SELECT DISTINCT l.relation::regclass::text FROM pg_locks l
WHERE l.pid = pg_backend_pid() AND l.granted AND l.relation = ANY (%s)
  AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock') ORDER BY 1
"""


class Watching(DatabaseSchemaEditor):
    """Looks at the locks that are held right before the migration is committed."""

    tables: list[int] = []
    held: list[str] = []

    def __exit__(self, exc_type: Any, exc_value: Any, traceback: Any) -> None:
        if exc_type is None and self.atomic_migration:
            for sql in self.deferred_sql:
                self.execute(sql, None)
            self.deferred_sql = []
            with connection.cursor() as cursor:
                cursor.execute(HELD, [Watching.tables])
                Watching.held = [row[0] for row in cursor.fetchall()]
        super().__exit__(exc_type, exc_value, traceback)


class Command(BaseCommand):
    help = 'Tells [{"migration", "seconds", "locks"}]. Only on the copy that bin/upgrade makes.'
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        if not connection.settings_dict["NAME"].endswith("_copy"):
            raise CommandError("Only on a copy: its name must end with _copy.")
        connection.SchemaEditorClass = Watching
        tried: list[dict[str, Any]] = []

        def note(action: str, migration: Any = None, fake: bool = False) -> None:
            if action == "apply_start":
                with connection.cursor() as cursor:
                    cursor.execute(TABLES)
                    Watching.tables, Watching.held = [row[0] for row in cursor.fetchall()], []
                tried.append({"migration": f"{migration.app_label}.{migration.name}", "began": time.monotonic()})
            elif action == "apply_success":
                one = tried[-1]
                one["seconds"] = round(time.monotonic() - one.pop("began"), 3)
                one["locks"] = Watching.held

        executor = MigrationExecutor(connection, note)  # type: ignore[arg-type]
        executor.migrate(executor.loader.graph.leaf_nodes())
        self.stdout.write(json.dumps(tried))
