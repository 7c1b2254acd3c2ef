"""A board's page, and the same page with a ticket open."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from audit.access import allow, allowed
from boards.models import Board
from boards.queries.panel import panel_of, ticket_by_number
from tenancy.errors import NotFound
from tenancy.identity import Member


@allow("ticket:read")
def show(request: Any, key: str) -> HttpResponse:
    return board_page(request, found_board(request, key))


@allow("ticket:read")
def ticket(request: Any, key: str, number: int) -> HttpResponse:
    """The inside of the panel when the board's page asks for it, else the whole page."""
    board = found_board(request, key)
    found = ticket_by_number(board, number)
    if request.headers.get("HX-Request") != "true":
        return board_page(request, board, open_ticket=number)
    panel = panel_of(found, whole_thread=request.GET.get("comments") == "all", by=request.member)
    response = render(request, "boards/_panel.html", {**panel, "can": abilities(request.member)})
    # The page and its part have one address: no cache may take one for the other.
    response["Cache-Control"] = "no-store"
    response["Vary"] = "HX-Request, Cookie"
    return response


def found_board(request: Any, key: str) -> Board:
    board = Board.objects.visible_to(request.member).filter(key=key).first()
    if board is None:
        raise NotFound
    return board


def board_page(request: Any, board: Board, *, open_ticket: int | None = None) -> HttpResponse:
    data = page_data(request.member) | board_data(board, request.member) | {"openTicket": open_ticket}
    context = {"board": board, "open_ticket": open_ticket, "board_data": data, "can": abilities(request.member)}
    return render(request, "boards/board.html", context)


def abilities(member: Member) -> dict[str, bool]:
    """What the page offers; the API asks again."""
    return {
        "create": allowed(member, "ticket:create"),
        "update": allowed(member, "ticket:update"),
        "delete": allowed(member, "ticket:delete"),
        "manage": allowed(member, "board:manage"),
    }


def page_data(member: Member) -> dict[str, Any]:
    """What every script of the boards' pages is told (`boards/js/config.js`)."""
    return {
        "api": f"/{member.tenant_slug}/api",
        "language": translation.get_language(),
        "member": {"id": str(member.id), "number": member.number, "name": member.name, "role": member.role},
        "can": abilities(member),
    }


def board_data(board: Board, member: Member) -> dict[str, Any]:
    where = [member.tenant_slug, board.key]
    return {
        "board": {"id": str(board.pk), "key": board.key, "name": board.name},
        "boardUrl": reverse("boards:board", args=where),
        "settingsUrl": reverse("boards:settings", args=where),
        "archiveUrl": reverse("boards:archive", args=where),
        "searchUrl": reverse("boards:search", args=where[:1]),
    }
