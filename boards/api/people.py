"""/api/members and /api/search"""

import uuid
from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from audit.access import allow
from boards.api.answers import Cursor, PageLimit, keyset_page
from boards.queries.search import search
from tenancy.errors import Invalid
from tenancy.models import Membership

router = Router(tags=["people and search"])


@router.get("/members", summary="List the workspace's members", url_name="members")
@allow("member:read")
def members(request: Any, limit: PageLimit | None = None, cursor: Cursor | None = None) -> Any:
    mine = Membership.objects.filter(tenant_id=request.member.tenant_id)
    rows, following = keyset_page(mine, limit, cursor)
    items = [
        {
            "id": row.pk,
            "number": row.number,
            "name": row.name,
            "role": row.role,
            "placeholder": row.user_id is None,
            "active": row.is_active,
        }
        for row in rows
    ]
    return {"items": items, "next": following}


@router.get("/search", summary="Search the boards you may see", url_name="search")
@allow("ticket:read")
def find(
    request: Any,
    q: Annotated[str, Field(min_length=1, max_length=200)],
    board: uuid.UUID | None = None,
    limit: Annotated[int, Field(ge=1, le=50)] = 20,
    offset: Annotated[int, Field(ge=0, le=1000)] = 0,
) -> Any:
    if "\x00" in q:
        raise Invalid.field("q", _("A null character cannot be stored. Remove it."))
    items = search(q, board_id=board, limit=limit + 1, offset=offset, by=request.member)
    following = offset + limit if len(items) > limit and offset + limit <= 1000 else None
    return {"items": items[:limit], "next": following}
