"""The wall: what the database enforces for a tenant's table, as constraints that migrations carry.

`TenantModel` adds them to every model that inherits from it, so `makemigrations` writes them down and the schema editor
runs them. Source: guide section 8.1; research notes on row-level security (pitfalls R1 to R34).
"""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.constraints import BaseConstraint

APP_ROLES = "tika_app, tika_worker"
CURRENT_TENANT = "(SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"


def has_field(model: type[models.Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.get_fields())


class _TableConstraint(BaseConstraint):
    """Says its SQL after the table is there; nothing to validate in Python."""

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        raise NotImplementedError

    def constraint_sql(self, model: Any, schema_editor: BaseDatabaseSchemaEditor | None) -> None:  # type: ignore[override]
        assert schema_editor is not None
        if sql := self.create_sql(model, schema_editor):
            schema_editor.deferred_sql.append(sql)

    def validate(self, *args: Any, **kwargs: Any) -> None:
        return None

    def _identity(self) -> tuple[Any, ...]:
        path, args, kwargs = self.deconstruct()
        return (path, tuple(args), repr(sorted(kwargs.items())))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _TableConstraint) and self._identity() == other._identity()

    def __hash__(self) -> int:
        return hash(self._identity())


class Wall(_TableConstraint):
    """Row-level security, forced and restrictive; grants; and the unique keys that `Tie` refers to."""

    def __init__(
        self, *, name: str, column: str = "tenant_id", privileges: str = "SELECT, INSERT, UPDATE, DELETE"
    ) -> None:
        self.column = column
        self.privileges = privileges
        super().__init__(name=name)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "column": self.column, "privileges": self.privileges}

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        table = model._meta.db_table
        keys = []
        if has_field(model, "tenant"):
            keys.append(f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_tenant_key" UNIQUE (tenant_id, id)')
            if has_field(model, "board"):
                keys.append(
                    f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_board_key" UNIQUE (tenant_id, board_id, id)'
                )
        same = f"{self.column} = {CURRENT_TENANT}"
        return ";\n".join(
            [
                *keys,
                f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
                f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
                f'CREATE POLICY tenant_wall ON "{table}" AS RESTRICTIVE FOR ALL TO {APP_ROLES}'
                f" USING ({same}) WITH CHECK ({same})",
                f'CREATE POLICY app_rows ON "{table}" FOR ALL TO {APP_ROLES} USING (true) WITH CHECK (true)',
                # Functions that must look over the wall (sign-in, the log, search) run as this role.
                f'CREATE POLICY definer_rows ON "{table}" FOR ALL TO tika_definer USING (true) WITH CHECK (true)',
                f'REVOKE ALL ON "{table}" FROM PUBLIC',
                f'GRANT {self.privileges} ON "{table}" TO {APP_ROLES}',
                f'GRANT SELECT, INSERT, UPDATE ON "{table}" TO tika_definer',
                f'GRANT SELECT ON "{table}" TO tika_backup',
            ]
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        table = model._meta.db_table
        # Closed first: between this and the next wall nobody but the owner may touch the table.
        return ";\n".join(
            [
                f'REVOKE ALL ON "{table}" FROM {APP_ROLES}, tika_definer',
                f'DROP POLICY tenant_wall ON "{table}"',
                f'DROP POLICY app_rows ON "{table}"',
                f'DROP POLICY definer_rows ON "{table}"',
                f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{table}_board_key"',
                f'ALTER TABLE "{table}" DROP CONSTRAINT IF EXISTS "{table}_tenant_key"',
            ]
        )


class Tie(_TableConstraint):
    """The composite foreign key of one `TenantForeignKey`, and its index."""

    def __init__(self, *, name: str, field: str) -> None:
        self.field = field
        super().__init__(name=name)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field}

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        table, field = model._meta.db_table, model._meta.get_field(self.field)
        target = field.related_model
        on_board = self.field != "board" and has_field(model, "board") and has_field(target, "board")
        shared = "tenant_id, board_id" if on_board else "tenant_id"
        # Only the key itself becomes null: the tenant and the board of the row stay.
        rule = f"SET NULL ({field.column})" if field.at_delete == "SET NULL" else field.at_delete
        # At the migration's end: the other side's keys may come from a wall later in the same migration.
        schema_editor.deferred_sql.append(
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{self.name}" FOREIGN KEY ({shared}, {field.column})'
            f' REFERENCES "{target._meta.db_table}" ({shared}, id) ON DELETE {rule}'
        )
        if field.indexed and self.field != "board":  # the wall's key on (tenant, board, id) serves for the board
            schema_editor.deferred_sql.append(
                f'CREATE INDEX "{self.name}_idx" ON "{table}" (tenant_id, {field.column})'
            )
        return ""

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        table = model._meta.db_table
        return f'ALTER TABLE "{table}" DROP CONSTRAINT "{self.name}";\nDROP INDEX IF EXISTS "{self.name}_idx"'


class Log(_TableConstraint):
    """AFTER STATEMENT triggers that write `audit.Entry` rows; the function is `tika_log()` of the audit app.

    `resource` is the name in the log; `subject` the column that says what it is about (a comment's ticket), `board` the
    column that says on which board; `hidden` are columns whose change alone is not worth an entry (counts, secrets).
    """

    def __init__(self, *, name: str, resource: str, subject: str, board: str, hidden: Sequence[str] = ()) -> None:
        self.resource = resource
        self.subject = subject
        self.board = board
        self.hidden = tuple(hidden)
        super().__init__(name=name)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        own = {"resource": self.resource, "subject": self.subject, "board": self.board, "hidden": self.hidden}
        return path, args, {**kwargs, **own}

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        table = model._meta.db_table
        hidden = "{" + ",".join(self.hidden) + "}"
        call = f"EXECUTE FUNCTION tika_log('{self.resource}', '{self.subject}', '{self.board}', '{hidden}')"
        rows = {"insert": "NEW TABLE AS new_rows", "delete": "OLD TABLE AS old_rows"}
        rows["update"] = f"{rows['delete']} {rows['insert']}"
        return ";\n".join(
            f'CREATE TRIGGER tika_log_{event} AFTER {event.upper()} ON "{table}" REFERENCING {tables}'
            f" FOR EACH STATEMENT {call}"
            for event, tables in rows.items()
        )

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        table = model._meta.db_table
        return ";\n".join(f'DROP TRIGGER tika_log_{event} ON "{table}"' for event in ("insert", "update", "delete"))
