"""Which tables a workspace or a board is made of, each after those it refers to."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models

from tenancy.base import TenantModel

# Not brought back: secrets that were revoked since must stay so, and what the database's triggers make by themselves.
LEFT_OUT = frozenset(
    {
        "tenancy_apitoken",
        "tenancy_invitation",
        "tenancy_idempotentreply",
        "boards_import",
        "boards_importedobject",
        "boards_searchdocument",
    }
)
# Not logged, as another row's entry shows them; and still nobody else's to make.
CARRIED = frozenset({"boards_ticketlabel", "boards_ticketassignee", "boards_mention"})
Model = type[models.Model]


def workspace_tables() -> list[Model]:
    """All that people make in one; the workspace's own row and the log apart."""
    found = [
        model
        for model in apps.get_models()
        if issubclass(model, TenantModel)
        and model._meta.db_table not in LEFT_OUT
        and (model.logged is not None or model._meta.db_table in CARRIED)
        and "INSERT" in model.privileges
    ]
    return in_order(found)


def board_tables() -> list[Model]:
    return [model for model in workspace_tables() if model._meta.label == "boards.Board" or has_board(model)]


def has_board(model: Model) -> bool:
    return any(field.name == "board" for field in model._meta.local_fields)


def in_order(wanted: Iterable[Model]) -> list[Model]:
    left, done = sorted(wanted, key=lambda model: model._meta.db_table), list[Model]()
    while left:
        ready = [model for model in left if not (set(targets(model)) & set(left)) - {model}]
        assert ready, f"{left} refer to each other"
        done += ready
        left = [model for model in left if model not in ready]
    return done


def targets(model: Model) -> list[Model]:
    return [field.related_model for field in keys(model) if isinstance(field.related_model, type)]


def keys(model: Model) -> list[Any]:
    return [field for field in model._meta.local_fields if isinstance(field, models.ForeignKey)]
