"""/api/columns and /api/labels"""

import uuid
from typing import Any

from django.http import HttpResponse
from ninja import Router

from audit.access import allow
from boards.api.answers import no_content
from boards.api.schemas import ColumnIn, ColumnPatch, ColumnPosition, LabelIn, LabelPatch
from boards.models import Board, Column, Label
from boards.verbs import columns, labels
from tenancy.errors import NotFound

router = Router(tags=["columns and labels"])
COLUMN = ("id", "board_id", "number", "name", "category", "colour", "wip_limit", "rank", "archived_at")
LABEL = ("id", "board_id", "number", "name", "colour")


def rows_of(model: Any, names: tuple[str, ...], request: Any, **which: Any) -> list[dict[str, Any]]:
    boards = Board.objects.visible_to(request.member).values("id")
    rows = model.objects.filter(tenant_id=request.member.tenant_id, board_id__in=boards, **which)
    order = "rank" if model is Column else "number"
    return [
        {name.removesuffix("_id"): value for name, value in row.items()} for row in rows.order_by(order).values(*names)
    ]


def one_row(model: Any, names: tuple[str, ...], request: Any, row_id: uuid.UUID) -> dict[str, Any]:
    found = rows_of(model, names, request, pk=row_id)
    if not found:
        raise NotFound
    return found[0]


@router.get("/columns", summary="List a board's columns", url_name="columns")
@allow("ticket:read")
def column_index(request: Any, board: uuid.UUID) -> Any:
    return {"items": rows_of(Column, COLUMN, request, board_id=board), "next": None}


@router.post("/columns", summary="Add a column", url_name="columns-create", response={201: Any})
@allow("board:manage")
def column_create(request: Any, payload: ColumnIn) -> Any:
    fields = payload.given()
    column = columns.create(fields.pop("board"), fields.pop("name"), **fields, by=request.member)
    return 201, one_row(Column, COLUMN, request, column.pk)


@router.get("/columns/{uuid:column_id}", summary="Show a column", url_name="column")
@allow("ticket:read")
def column_show(request: Any, column_id: uuid.UUID) -> Any:
    return one_row(Column, COLUMN, request, column_id)


@router.patch("/columns/{uuid:column_id}", summary="Change a column", url_name="column-edit")
@allow("board:manage")
def column_change(request: Any, column_id: uuid.UUID, payload: ColumnPatch) -> Any:
    changes = payload.given()
    archived = changes.pop("archived", None)
    columns.change(column_id, changes, by=request.member)
    if archived is not None:
        (columns.archive if archived else columns.restore)(column_id, by=request.member)
    return one_row(Column, COLUMN, request, column_id)


@router.put("/columns/{uuid:column_id}/position", summary="Move a column", url_name="column-position")
@allow("board:manage")
def column_move(request: Any, column_id: uuid.UUID, payload: ColumnPosition) -> Any:
    columns.move(column_id, after=payload.after, before=payload.before, by=request.member)
    return one_row(Column, COLUMN, request, column_id)


@router.delete("/columns/{uuid:column_id}", summary="Delete an empty column", url_name="column-delete")
@allow("board:manage")
def column_delete(request: Any, column_id: uuid.UUID) -> HttpResponse:
    columns.delete(column_id, by=request.member)
    return no_content()


@router.get("/labels", summary="List a board's labels", url_name="labels")
@allow("ticket:read")
def label_index(request: Any, board: uuid.UUID) -> Any:
    return {"items": rows_of(Label, LABEL, request, board_id=board), "next": None}


@router.post("/labels", summary="Add a label", url_name="labels-create", response={201: Any})
@allow("ticket:update")
def label_create(request: Any, payload: LabelIn) -> Any:
    label = labels.create(payload.board, name=payload.name, colour=payload.colour, by=request.member)
    return 201, one_row(Label, LABEL, request, label.pk)


@router.get("/labels/{uuid:label_id}", summary="Show a label", url_name="label")
@allow("ticket:read")
def label_show(request: Any, label_id: uuid.UUID) -> Any:
    return one_row(Label, LABEL, request, label_id)


@router.patch("/labels/{uuid:label_id}", summary="Change a label", url_name="label-edit")
@allow("ticket:update")
def label_change(request: Any, label_id: uuid.UUID, payload: LabelPatch) -> Any:
    labels.change(label_id, payload.given(), by=request.member)
    return one_row(Label, LABEL, request, label_id)


@router.delete("/labels/{uuid:label_id}", summary="Delete a label", url_name="label-delete")
@allow("board:manage")
def label_delete(request: Any, label_id: uuid.UUID) -> HttpResponse:
    labels.delete(label_id, by=request.member)
    return no_content()
