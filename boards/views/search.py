"""The search page."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from audit.access import allow
from boards.models import Board
from boards.queries.search import search
from boards.views.board import page_data

PAGE, FARTHEST, LONGEST = 20, 1000, 200


@allow("ticket:read")
def show(request: Any) -> HttpResponse:
    member, text = request.member, request.GET.get("q", "").replace("\x00", "")[:LONGEST].strip()
    boards = Board.objects.visible_to(member).order_by("name", "id")
    board = next((board for board in boards if board.key == request.GET.get("board")), None)
    offset = number_in(request.GET.get("offset", ""))
    board_id = board.pk if board else None
    hits = search(text, board_id=board_id, limit=PAGE + 1, offset=offset, by=member)
    following = offset + PAGE if len(hits) > PAGE and offset + PAGE <= FARTHEST else None
    context = {"hits": hits[:PAGE], "search_text": text, "boards": boards, "chosen": board, "offset": offset}
    context |= {"following": following, "preceding": max(0, offset - PAGE), "board_data": page_data(member)}
    return render(request, "boards/search.html", context)


def number_in(given: str) -> int:
    return min(int(given), FARTHEST) if given.isascii() and given.isdigit() and len(given) < 7 else 0
