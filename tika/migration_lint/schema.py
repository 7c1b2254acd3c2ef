"""What a release's models count on in the database: its tables and columns."""

from django.db.migrations.state import ModelState, ProjectState
from django.db.models import Field, ForeignKey, ManyToManyField
from django.db.models.constraints import BaseConstraint

from tenancy.wall import Wall


def table_of(model: ModelState) -> str:
    return str(model.options.get("db_table") or f"{model.app_label}_{model.name_lower}")


def column_of(name: str, field: "Field[object, object]") -> str:
    return field.db_column or (f"{name}_id" if isinstance(field, ForeignKey) else name)


def managed(state: ProjectState) -> dict[str, ModelState]:
    """Models by their table."""
    return {table_of(model): model for model in state.models.values() if not model.options.get("proxy")}


def columns(state: ProjectState) -> dict[str, set[str]]:
    found = {}
    for table, model in managed(state).items():
        found[table] = {
            column_of(name, field) for name, field in model.fields.items() if not isinstance(field, ManyToManyField)
        }
    return found


def constraints(model: ModelState) -> list[BaseConstraint]:
    return list(model.options.get("constraints", []))


def is_tenants(model: ModelState) -> bool:
    return "tenant" in model.fields


def has_wall(model: ModelState) -> bool:
    return any(isinstance(constraint, Wall) for constraint in constraints(model))
