"""How an attempt ends, be it a backup or a drill: its row says when, and what came of it."""

from typing import TypeVar

from django.utils import timezone

from backups.models import Backup, RestoreDrill
from tenancy.context import Actor, tenant_context
from tenancy.operators import OPERATORS_ID

Row = TypeVar("Row", Backup, RestoreDrill)


def end(row: Row, by: Actor, **facts: object) -> Row:
    row.ended_at = timezone.now()
    for name, value in facts.items():
        setattr(row, name, value)
    with tenant_context(OPERATORS_ID, actor=by):
        row.save()
    return row
