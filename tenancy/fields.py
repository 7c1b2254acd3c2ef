"""The foreign key between two tenant tables."""

from typing import Any

from django.db import models


class TenantForeignKey(models.ForeignKey):  # type: ignore[type-arg]
    """A key that cannot cross tenants.

    The database holds it as `(tenant_id, x_id) -> (tenant_id, id)`, or `(tenant_id, board_id, x_id) -> ...` where both
    sides live on a board; `tenancy.wall.Tie` writes that. `at_delete` is what the database does with this row when the
    other goes: CASCADE, RESTRICT or SET NULL. `indexed=False` where a unique key already leads with it.
    """

    def __init__(self, to: Any, *, at_delete: str = "CASCADE", indexed: bool = True, **kwargs: Any) -> None:
        kwargs["on_delete"] = models.DO_NOTHING
        kwargs["db_constraint"] = False
        kwargs["db_index"] = False
        self.at_delete = at_delete
        self.indexed = indexed
        super().__init__(to, **kwargs)

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for implied in ("on_delete", "db_constraint", "db_index"):
            kwargs.pop(implied, None)
        if self.at_delete != "CASCADE":
            kwargs["at_delete"] = self.at_delete
        if not self.indexed:
            kwargs["indexed"] = False
        return name, path, list(args), kwargs
