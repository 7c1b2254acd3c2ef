"""Rows that live on boards the reader may see."""

import uuid
from typing import Any

from django.db.models import QuerySet

from boards.models import Board
from tenancy.errors import NotFound


def visible_rows(model: Any, request: Any) -> QuerySet[Any]:
    boards = Board.objects.visible_to(request.member).values("id")
    rows: QuerySet[Any] = model.objects.filter(tenant_id=request.member.tenant_id, board_id__in=boards)
    return rows


def visible_row(model: Any, request: Any, row_id: uuid.UUID) -> Any:
    """Raises NotFound."""
    row = visible_rows(model, request).filter(pk=row_id).first()
    if row is None:
        raise NotFound
    return row
