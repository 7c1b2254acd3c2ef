"""What has been put away on a board, to look at and to bring back."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from audit.access import allow
from boards.models import Board, Column, Ticket
from boards.views.board import abilities, board_data, found_board, page_data

PAGE = 50
PLACES = {"archive": "archived_at", "trash": "trashed_at"}


@allow("ticket:read")
def show(request: Any, key: str) -> HttpResponse:
    board = found_board(request, key)
    place = "trash" if request.GET.get("show") == "trash" else "archive"
    tickets, following = page_of(put_away(board, place), PLACES[place], request.GET.get("before", ""))
    context = {"board": board, "place": place, "tickets": tickets, "following": following}
    context |= {"can": abilities(request.member), "columns": archived_columns(board) if place == "archive" else []}
    context["board_data"] = page_data(request.member) | board_data(board, request.member)
    return render(request, "boards/archive.html", context)


def put_away(board: Board, place: str) -> QuerySet[Ticket]:
    """What lies in the trash is not in the archive as well."""
    tickets = Ticket.objects.filter(tenant_id=board.tenant_id, board_id=board.pk).select_related("column")
    if place == "trash":
        return tickets.exclude(trashed_at=None)
    return tickets.filter(trashed_at=None).exclude(archived_at=None)


def page_of(tickets: QuerySet[Ticket], when: str, before: str) -> tuple[list[Ticket], int | None]:
    """(the latest first, the number to go on before)"""
    last = (
        tickets.filter(number=int(before)).first()
        if before.isascii() and before.isdigit() and len(before) < 9
        else None
    )
    if last is not None:
        at = getattr(last, when)
        tickets = tickets.filter(Q(**{f"{when}__lt": at}) | Q(**{when: at, "number__lt": last.number}))
    page = list(tickets.order_by(f"-{when}", "-number")[: PAGE + 1])
    return page[:PAGE], page[PAGE - 1].number if len(page) > PAGE else None


def archived_columns(board: Board) -> list[Column]:
    """Each with `ticket_count`: they come back with it."""
    own = {"tenant_id": board.tenant_id, "board_id": board.pk}
    held = Ticket.objects.filter(**own, trashed_at=None, archived_at=None).values_list("column_id")
    counts = dict(held.annotate(count=Count("id")).order_by())
    columns = list(Column.objects.filter(**own).exclude(archived_at=None).order_by("-archived_at"))
    for column in columns:
        column.ticket_count = counts.get(column.pk, 0)  # type: ignore[attr-defined]
    return columns
