"""The workspace's boards, and a new one."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from audit.access import allow
from boards.queries.overview import archived_boards, boards_of, trashed_boards
from boards.views.board import abilities, page_data


@allow("ticket:read")
def index(request: Any) -> HttpResponse:
    member, can = request.member, abilities(request.member)
    context = {
        "boards": boards_of(member),
        "archived": archived_boards(member),
        "trashed": trashed_boards(member) if can["manage"] else [],
        "can": can,
        "board_data": page_data(member),
    }
    return render(request, "boards/list.html", context)


@allow("board:manage")
def new(request: Any) -> HttpResponse:
    return render(request, "boards/new.html", {"board_data": page_data(request.member)})
