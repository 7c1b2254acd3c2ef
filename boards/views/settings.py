"""A board's settings: itself, its columns, its labels, and who sees it."""

from itertools import pairwise
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from audit.access import allow
from boards.models import Board, BoardAccess, Column, Label
from boards.models.board import SEES_ALL
from boards.models.column import Category
from boards.models.palette import Colour
from boards.views.board import board_data, found_board, page_data
from tenancy.models import Membership


@allow("board:manage")
def show(request: Any, key: str) -> HttpResponse:
    board = found_board(request, key)
    own = {"tenant_id": board.tenant_id, "board_id": board.pk}
    context = {
        "board": board,
        "columns": columns_of(own),
        "labels": Label.objects.filter(**own).order_by("number"),
        "people": people_of(board, own),
        "categories": Category.choices,
        "colours": Colour.choices,
        "board_data": page_data(request.member) | board_data(board, request.member),
    }
    return render(request, "boards/settings.html", context)


def columns_of(own: dict[str, Any]) -> list[Column]:
    """Those in use, each with its neighbours, which an arrow trades it with."""
    columns = list(Column.objects.filter(**own, archived_at=None).order_by("rank"))
    for left, right in pairwise(columns):
        left.following, right.previous = right, left  # type: ignore[attr-defined]
    return columns


def people_of(board: Board, own: dict[str, Any]) -> list[Membership]:
    """Active people with `sees` and `always` (admins and owners see every board)."""
    listed = set(BoardAccess.objects.filter(**own).values_list("membership_id", flat=True))
    people = list(Membership.objects.filter(tenant_id=board.tenant_id, is_active=True).order_by("name", "id"))
    for person in people:
        person.always = person.role in SEES_ALL  # type: ignore[attr-defined]
        person.sees = person.pk in listed  # type: ignore[attr-defined]
    return people
