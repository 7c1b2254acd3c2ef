"""What a workspace holds."""

from typing import Any

from django.apps import apps

from boards.models import (
    Import,
)
from tenancy.base import TenantModel
from tests.cast import Workspace


def of(workspace: Workspace, model: Any, **where: Any) -> list[Any]:
    with workspace.told():
        return list(model.objects.filter(tenant_id=workspace.id, **where).order_by("pk"))


def rows_everywhere(workspace: Workspace) -> dict[str, int]:
    """How many rows of the workspace each table holds, but the journal of imports itself."""
    models = [model for model in apps.get_models() if issubclass(model, TenantModel) and model is not Import]
    with workspace.told():
        return {model.__name__: model._default_manager.filter(tenant_id=workspace.id).count() for model in models}
