"""Migration operations that run a file of SQL."""

from pathlib import Path

from django.db.migrations import RunSQL


def sql_file(migration: str, name: str) -> RunSQL:
    """The operation for `sql/<name>` beside the migration (`__file__`); never undone: migrations go forward only."""
    return RunSQL((Path(migration).parent / "sql" / name).read_text(encoding="utf-8"), RunSQL.noop)
