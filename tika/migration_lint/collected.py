"""The SQL of an operation, told without any database.

Where Django would look a constraint's name up in the database, one stands for it: kind and table are right.
"""

from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from psycopg.sql import quote

OLDEST_SERVER = 160000


class Unconnected(DatabaseWrapper):
    """PostgreSQL's dialect with nobody at the other end."""

    pg_version = OLDEST_SERVER

    def __init__(self) -> None:
        settings: Any = {"NAME": "", "OPTIONS": {}, "TIME_ZONE": None, "CONN_HEALTH_CHECKS": False, "AUTOCOMMIT": True}
        super().__init__(settings, DEFAULT_DB_ALIAS)
        self.ops.__class__ = Composed


class Composed(DatabaseOperations):
    def compose_sql(self, sql: str, params: Any) -> str:
        return sql % tuple(quote(value, None) for value in params or ())


class Editor(DatabaseSchemaEditor):
    def _constraint_names(self, *args: Any, **kwargs: Any) -> list[str]:
        return ["looked_up"]


def sql_of(operation: Operation, app: str, before: ProjectState, after: ProjectState) -> str:
    """ "" where it runs Python or changes the state alone."""
    if not operation.reduces_to_sql:
        return ""
    with Editor(Unconnected(), collect_sql=True, atomic=False) as editor:
        operation.database_forwards(app, editor, before, after)
    return "\n".join(map(str, editor.collected_sql))
