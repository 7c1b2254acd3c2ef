"""Our own rules: what the release before counts on, Django's habits, the wall, and rows changed all at once."""

import ast
import inspect
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.migrations import AddField, AlterField, RemoveField, RunPython, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import NOT_PROVIDED, CharField, ManyToManyField, TextField

from tika.migration_lint import schema, sqltext

LONGEST_WAIT_MS = 2000
UNITS = {"ms": 1, "": 1, "s": 1000, "min": 60_000}
# Rule, reason, and the line of the SQL where it is (or of the operation: 0).
Told = tuple[str, str, int]


@dataclass(frozen=True)
class Known:
    """What the release before uses: columns by table."""

    columns: dict[str, set[str]]

    def uses(self, table: str, column: str = "") -> bool:
        return table in self.columns and (not column or column in self.columns[table])


def of_sql(text: sqltext.Text, known: Known, operation: Operation) -> Iterator[Told]:
    for step in text.steps():
        shown = f"{step.table}.{step.name}" if step.name else step.table
        match step.kind:
            case "drop" | "rename" if known.uses(step.table, step.name):
                rule = "contract" if step.kind == "drop" else "rename"
                yield rule, f"the release before still uses {shown}", step.line
            case "default" if known.uses(step.table, step.name) and not isinstance(operation, AddField):
                yield "contract", f"the release before leaves {shown} to its default", step.line
            case "function" if step.name not in text.made_functions():
                yield "contract", f"the release before may call {step.name}()", step.line
            case "rows" if known.uses(step.table):
                yield "unbatched", f"{step.name} holds the rows of {step.table} until the migration ends", step.line
            case "long":
                yield "long-lock", f"{step.name.upper()} keeps everybody away from the table", step.line
            case "timeout" if waits_too_long(step.name):
                yield "lock-timeout", "whoever waits for a lock longer lets all later readers wait too", step.line
            case "wall" if (
                step.table not in text.walled() and "tenant_wall" not in text.bare.split("CREATE POLICY")[-1]
            ):
                yield "no-wall", f"the wall of {step.table} is taken down", step.line


def waits_too_long(value: str) -> bool:
    text = value.strip("'").lower().replace(" ", "")
    number = text.rstrip("abcdefghijklmnopqrstuvwxyz")
    unit = text[len(number) :]
    return not number.isdecimal() or unit not in UNITS or not 0 < int(number) * UNITS[unit] <= LONGEST_WAIT_MS


def of_operation(operation: Operation, app: str, before: ProjectState, known: Known) -> Iterator[Told]:
    if isinstance(operation, AddField):
        yield from of_added(operation, app, before, known)
    if isinstance(operation, SeparateDatabaseAndState):
        for inner in operation.state_operations:
            if isinstance(inner, RemoveField):
                yield from of_orphan(inner, app, before)
    if isinstance(operation, RunPython):
        yield from of_python(operation, before)


def of_added(operation: AddField, app: str, before: ProjectState, known: Known) -> Iterator[Told]:
    table = schema.table_of(before.models[app, operation.model_name_lower])
    field = operation.field
    if not known.uses(table) or field.null or isinstance(field, ManyToManyField):
        return
    if field.db_default is NOT_PROVIDED:
        yield "python-default", f"the release before does not fill {table}.{operation.name}", 0


def of_orphan(operation: RemoveField, app: str, before: ProjectState) -> Iterator[Told]:
    model = before.models[app, operation.model_name_lower]
    field = model.fields[operation.name]
    if not field.null and field.db_default is NOT_PROVIDED and not isinstance(field, ManyToManyField):
        shown = f"{schema.table_of(model)}.{operation.name}"
        yield "python-default", f"{shown} stays, is NOT NULL, and nobody fills it any more", 0


def of_python(operation: RunPython, before: ProjectState) -> Iterator[Told]:
    for model in models_of(operation, before):
        if model is None or schema.is_tenants(model):
            shown = schema.table_of(model) if model else "a table that is named at run time"
            yield "unbatched", f"RunPython over {shown}; and the owner sees no row behind the wall", 0
            return


def models_of(operation: RunPython, state: ProjectState) -> Iterator[ModelState | None]:
    """None for one whose name is not written there."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(operation.code)))
    except (OSError, TypeError, SyntaxError):
        yield None
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "get_model":
            words = [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
            app, _, name = ".".join(words).rpartition(".")
            yield state.models.get((app, name.lower()))


def is_harmless(rule: str, operation: Operation, app: str, before: ProjectState, previous: ProjectState) -> bool:
    """What squawk cannot know: nobody uses a table yet, a longer varchar rewrites nothing, a checked column is not
    scanned."""
    model = before.models.get((app, getattr(operation, "model_name", "").lower()))
    if model is None:
        return False
    released = schema.managed(previous).get(schema.table_of(model))
    if released is None:
        return True
    if not isinstance(operation, AlterField):
        return False
    old, new = model.fields[operation.name], operation.field
    if rule == "changing-column-type" and isinstance(old, CharField) and isinstance(new, CharField | TextField):
        return isinstance(new, TextField) or new.max_length is None or (old.max_length or 0) <= new.max_length
    if rule == "adding-not-nullable-field":
        wanted = f"('{operation.name}__isnull', False)"
        return any(wanted in repr(vars(one)) for one in schema.constraints(released))
    return False
