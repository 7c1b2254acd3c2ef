"""Parts of a ticket's panel that are asked for one by one."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from audit.access import allow
from boards import markdown
from boards.queries.history import history_of
from boards.queries.panel import people_names, ticket_by_number
from boards.views.board import found_board


@allow("ticket:read")
def history(request: Any, key: str, number: int) -> HttpResponse:
    ticket = ticket_by_number(found_board(request, key), number)
    events, following = history_of(ticket, before=entry_in(request.GET.get("before", "")))
    return render(request, "boards/_history.html", {"events": events, "following": following})


@allow("ticket:read")
@require_POST
def preview(request: Any, key: str) -> HttpResponse:
    """What a text will look like; nothing is kept."""
    board = found_board(request, key)
    text = request.POST.get("text", "")
    return HttpResponse(markdown.render(text, people_names(board.tenant_id)))


def entry_in(given: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(given)
    except ValueError:
        return None
