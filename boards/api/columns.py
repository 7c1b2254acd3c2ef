"""/api/columns and /api/labels"""

import uuid
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Query, Router

from audit.access import allow
from boards.api import shapes
from boards.api.answers import answer, no_content
from boards.api.pages import Paging, paged
from boards.api.rows import visible_row, visible_rows
from boards.api.schemas import ColumnIn, ColumnPatch, ColumnPosition, LabelIn, LabelPatch
from boards.models import Column, Label
from boards.verbs import columns, labels

router = Router(tags=["columns and labels"])


class LabelFilters(Paging):
    board: uuid.UUID | None = None


class ColumnFilters(LabelFilters):
    archived: bool | None = None


def column_dict(column: Column) -> dict[str, Any]:
    names = ("id", "number", "name", "category", "colour", "wip_limit", "rank", "archived_at")
    return {**{name: getattr(column, name) for name in names}, "board": column.board_id}


def label_dict(label: Label) -> dict[str, Any]:
    return {**{name: getattr(label, name) for name in ("id", "number", "name", "colour")}, "board": label.board_id}


def column_shown(request: Any, column_id: uuid.UUID, *, status: int = 200) -> HttpResponse:
    return answer(request, column_dict(visible_row(Column, request, column_id)), status=status)


def label_shown(request: Any, label_id: uuid.UUID, *, status: int = 200) -> HttpResponse:
    return answer(request, label_dict(visible_row(Label, request, label_id)), status=status)


@router.get("/columns", summary=_("List columns"), url_name="columns", response=shapes.page_of(shapes.Column))
@allow("ticket:read")
def column_index(request: Any, filters: Query[ColumnFilters]) -> HttpResponse:
    rows = visible_rows(Column, request)
    if filters.board:
        rows = rows.filter(board_id=filters.board)
    if filters.archived is not None:
        rows = rows.filter(archived_at__isnull=not filters.archived)
    return paged(request, rows, filters, column_dict, shapes.Column, order=("board_id", "rank", "id"))


@router.post("/columns", summary=_("Add a column"), url_name="columns-create", response={201: shapes.Column})
@allow("board:manage")
def column_create(request: Any, payload: ColumnIn) -> HttpResponse:
    fields = payload.given()
    column = columns.create(fields.pop("board"), fields.pop("name"), **fields, by=request.member)
    return column_shown(request, column.pk, status=201)


@router.get("/columns/{uuid:column_id}", summary=_("Show a column"), url_name="column", response=shapes.Column)
@allow("ticket:read")
def column_show(request: Any, column_id: uuid.UUID) -> HttpResponse:
    return column_shown(request, column_id)


@router.patch("/columns/{uuid:column_id}", summary=_("Change a column"), url_name="column-edit", response=shapes.Column)
@allow("board:manage")
def column_change(request: Any, column_id: uuid.UUID, payload: ColumnPatch) -> HttpResponse:
    changes = payload.given()
    archived = changes.pop("archived", None)
    columns.change(column_id, changes, by=request.member)
    if archived is not None:
        (columns.archive if archived else columns.restore)(column_id, by=request.member)
    return column_shown(request, column_id)


@router.put(
    "/columns/{uuid:column_id}/position", summary=_("Move a column"), url_name="column-position", response=shapes.Column
)
@allow("board:manage")
def column_move(request: Any, column_id: uuid.UUID, payload: ColumnPosition) -> HttpResponse:
    columns.move(column_id, after=payload.after, before=payload.before, by=request.member)
    return column_shown(request, column_id)


@router.delete(
    "/columns/{uuid:column_id}", summary=_("Delete an empty column"), url_name="column-delete", response={204: None}
)
@allow("board:manage")
def column_delete(request: Any, column_id: uuid.UUID) -> HttpResponse:
    columns.delete(column_id, by=request.member)
    return no_content()


@router.get("/labels", summary=_("List labels"), url_name="labels", response=shapes.page_of(shapes.Label))
@allow("ticket:read")
def label_index(request: Any, filters: Query[LabelFilters]) -> HttpResponse:
    rows = visible_rows(Label, request)
    if filters.board:
        rows = rows.filter(board_id=filters.board)
    return paged(request, rows, filters, label_dict, shapes.Label, order=("board_id", "number", "id"))


@router.post("/labels", summary=_("Add a label"), url_name="labels-create", response={201: shapes.Label})
@allow("ticket:update")
def label_create(request: Any, payload: LabelIn) -> HttpResponse:
    label = labels.create(payload.board, name=payload.name, colour=payload.colour, by=request.member)
    return label_shown(request, label.pk, status=201)


@router.get("/labels/{uuid:label_id}", summary=_("Show a label"), url_name="label", response=shapes.Label)
@allow("ticket:read")
def label_show(request: Any, label_id: uuid.UUID) -> HttpResponse:
    return label_shown(request, label_id)


@router.patch("/labels/{uuid:label_id}", summary=_("Change a label"), url_name="label-edit", response=shapes.Label)
@allow("ticket:update")
def label_change(request: Any, label_id: uuid.UUID, payload: LabelPatch) -> HttpResponse:
    labels.change(label_id, payload.given(), by=request.member)
    return label_shown(request, label_id)


@router.delete("/labels/{uuid:label_id}", summary=_("Delete a label"), url_name="label-delete", response={204: None})
@allow("board:manage")
def label_delete(request: Any, label_id: uuid.UUID) -> HttpResponse:
    labels.delete(label_id, by=request.member)
    return no_content()
