"""System checks: a tenant's table that lacks its wall, its ties or its log does not get past `manage.py check`."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, Tags, register
from django.db.models import ForeignKey, Model

from tenancy.base import TenantModel
from tenancy.fields import TenantForeignKey
from tenancy.wall import Log, Tie, Wall, has_field


@register(Tags.models)
def check_tenant_models(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [problem for model in apps.get_models(include_auto_created=True) for problem in problems_of(model)]


def problems_of(model: type[Model]) -> Iterator[CheckMessage]:
    """E001 to E005; a table that is not Django's to make (the log's) brings its wall in its own SQL."""
    if not model._meta.managed:
        return
    walled = issubclass(model, TenantModel)
    if has_field(model, "tenant") and not walled:
        yield Error("A table with a tenant's rows must inherit TenantModel.", obj=model, id="tenancy.E001")
    for field in model._meta.local_fields:
        if isinstance(field, ForeignKey) and leads_into_a_tenant(field) and not isinstance(field, TenantForeignKey):
            hint = "Use TenantForeignKey: PostgreSQL checks a plain key without looking at the wall."
            sentence = f"“{field.name}” could point at another tenant's row."
            yield Error(sentence, hint=hint, obj=model, id="tenancy.E002")
    if walled:
        yield from missing_constraints(model)


def leads_into_a_tenant(field: Any) -> bool:
    return isinstance(field.related_model, type) and issubclass(field.related_model, TenantModel)


def missing_constraints(model: Any) -> Iterator[CheckMessage]:
    constraints = model._meta.constraints
    if sum(isinstance(one, Wall) for one in constraints) != 1:
        yield Error("A tenant's table needs exactly one Wall.", obj=model, id="tenancy.E003")
    if sum(isinstance(one, Log) for one in constraints) != (model.logged is not None):
        yield Error("A tenant's table needs its Log, or `logged = None`.", obj=model, id="tenancy.E004")
    tied = {one.field for one in constraints if isinstance(one, Tie)}
    for field in model._meta.local_fields:
        if isinstance(field, TenantForeignKey) and field.name not in tied:
            yield Error(f"“{field.name}” has no Tie.", obj=model, id="tenancy.E005")
