"""What most routes need to answer: JSON bytes with an ETag, pages by key, and replies kept for a repeated key."""

import base64
import binascii
import uuid
from typing import Annotated, Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from pydantic import Field

from tenancy.errors import Invalid, Stale

LIMIT, MOST = 50, 500
PageLimit = Annotated[int, Field(ge=1, le=MOST)]
Cursor = Annotated[str, Field(max_length=64)]


def json_response(body: bytes, *, status: int = 200, etag: str = "") -> HttpResponse:
    response = HttpResponse(body, content_type="application/json", status=status)
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie, Authorization, Accept-Language"
    if etag:
        response["ETag"] = f'"{etag}"'
    return response


def no_content() -> HttpResponse:
    return HttpResponse(status=204)


def seen_version(request: HttpRequest) -> int | None:
    """The version in If-Match; None without one. Raises Stale for what was never an ETag of ours."""
    given = request.headers.get("If-Match", "").strip()
    if given in {"", "*"}:
        return None
    digits = given.removeprefix("W/").strip('"')
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise Stale
    return int(digits)


def page_limit(given: int | None) -> int:
    return LIMIT if given is None else given


def cursor_of(last: uuid.UUID | None) -> str | None:
    return base64.urlsafe_b64encode(last.bytes).decode().rstrip("=") if last else None


def after_cursor(given: str) -> uuid.UUID:
    """Raises Invalid for a cursor that no answer gave."""
    try:
        return uuid.UUID(bytes=base64.urlsafe_b64decode(given + "=="))
    except (ValueError, binascii.Error):
        raise Invalid.field("cursor", _("Use the `next` of the answer before.")) from None


def keyset_page(rows: QuerySet[Any], limit: int | None, cursor: str | None) -> tuple[list[Any], str | None]:
    """(rows in the order of their ids, cursor for the next page)."""
    if cursor:
        rows = rows.filter(pk__gt=after_cursor(cursor))
    page = list(rows.order_by("pk")[: page_limit(limit) + 1])
    more = len(page) > page_limit(limit)
    page = page[: page_limit(limit)]
    return page, cursor_of(page[-1].pk) if more else None


def chosen_fields(given: str | None, known: list[str]) -> list[str]:
    """The names in `fields=a,b`, all of `known` without it. Raises Invalid that names an unknown one."""
    if not given:
        return known
    wanted = list(dict.fromkeys(name.strip() for name in given.split(",") if name.strip()))
    for name in wanted:
        if name not in known:
            raise Invalid.field("fields", _("There is no field %(name)s.") % {"name": name[:50]})
    return wanted or known
