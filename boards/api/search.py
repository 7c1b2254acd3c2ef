"""/api/search"""

import uuid
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import Router
from pydantic import Field

from audit.access import allow
from boards.api.answers import answer
from boards.api.board_shapes import SearchPage
from boards.queries.search import search
from tenancy.errors import Invalid

router = Router(tags=["search"])
FURTHEST = 1000


@router.get(
    "/search",
    summary=_("Search the boards you may see"),
    description=_("The best first. Every word must be found, also inside words and in Korean."),
    url_name="search",
    response=SearchPage,
    by_alias=True,
)
@allow("ticket:read")
def find(
    request: Any,
    q: Annotated[str, Field(min_length=1, max_length=200)],
    board: uuid.UUID | None = None,
    limit: Annotated[int, Field(ge=1, le=50)] = 20,
    offset: Annotated[int, Field(ge=0, le=FURTHEST)] = 0,
) -> HttpResponse:
    if "\x00" in q:
        raise Invalid.field("q", gettext("A null character cannot be stored. Remove it."))
    items = search(q, board_id=board, limit=limit + 1, offset=offset, by=request.member)
    following = offset + limit if len(items) > limit and offset + limit <= FURTHEST else None
    return answer(request, {"items": items[:limit], "next": following})
