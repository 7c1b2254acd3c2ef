"""`TenantModel`: what every table with a tenant's rows inherits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models.base import ModelBase

from tenancy.fields import TenantForeignKey
from tenancy.ids import uuid7
from tenancy.wall import Log, Tie, Wall


@dataclass(frozen=True)
class Logged:
    """How a model's changes stand in the log; see `tenancy.wall.Log`. Set as the class attribute `logged`."""

    resource: str = ""
    subject: str = "id"
    board: str = ""
    hidden: Sequence[str] = ()


class TenantModelBase(ModelBase):
    """Adds the wall, the log triggers and a tie for each key to the model's constraints."""

    def __new__(mcs, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **kwargs: Any) -> Any:
        model: Any = super().__new__(mcs, name, bases, attrs, **kwargs)
        meta = model._meta
        if meta.abstract or meta.proxy:
            return model
        added: list[models.BaseConstraint] = [Wall(name=f"{meta.db_table}_wall", privileges=model.privileges)]
        if model.logged is not None:
            added.append(log_of(model, model.logged))
        added += [
            Tie(name=f"{meta.db_table}_{field.name}_tie", field=field.name)
            for field in meta.local_fields
            if isinstance(field, TenantForeignKey)
        ]
        meta.constraints = [*meta.constraints, *added]
        # Where the autodetector looks whether a model has constraints at all.
        meta.original_attrs["constraints"] = meta.constraints
        return model


def log_of(model: Any, logged: Logged) -> Log:
    meta = model._meta
    on_board = any(field.name == "board" for field in meta.local_fields)
    return Log(
        name=f"{meta.db_table}_log",
        resource=logged.resource or meta.model_name,
        subject=logged.subject,
        board=logged.board or ("board_id" if on_board else ""),
        hidden=logged.hidden,
    )


class TenantModel(models.Model, metaclass=TenantModelBase):
    """A row that belongs to one tenant: walled, tied and logged by inheriting.

    `logged = None` is for tables whose rows are derived from logged ones, or are secrets of a moment.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    tenant = models.ForeignKey("tenancy.Tenant", on_delete=models.DO_NOTHING, related_name="+", db_index=False)

    logged: Logged | None = Logged()
    privileges = "SELECT, INSERT, UPDATE, DELETE"

    class Meta:
        abstract = True
