"""What routes answer with: JSON that may be kept and asked for again, an ETag, and only the fields somebody wants."""

import hashlib
from collections.abc import Mapping
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tenancy.errors import Invalid, Stale


def json_response(body: bytes, *, status: int = 200, etag: str = "") -> HttpResponse:
    response = HttpResponse(body, content_type="application/json", status=status)
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie, Authorization, Accept-Language"
    if etag:
        response["ETag"] = etag
    return response


def answer(request: HttpRequest, value: Any, *, status: int = 200) -> HttpResponse:
    """`value` as JSON; a reader who has it already gets 304."""
    return unless_known(request, orjson.dumps(value, default=str), status=status)


def unless_known(request: HttpRequest, body: bytes, *, status: int = 200) -> HttpResponse:
    """Tagged by its content: weakly, because such a tag names no version that If-Match could be about."""
    if request.method != "GET":
        return json_response(body, status=status)
    etag = f'W/"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    if is_known(request, etag):
        return json_response(b"", status=304, etag=etag)
    return json_response(body, status=status, etag=etag)


def is_known(request: HttpRequest, etag: str) -> bool:
    """Whether If-None-Match names it, strongly or weakly."""
    given = (tag.strip().removeprefix("W/") for tag in request.headers.get("If-None-Match", "").split(","))
    return etag.removeprefix("W/") in given


def no_content() -> HttpResponse:
    response = HttpResponse(status=204)
    response["Cache-Control"] = "private, no-cache"
    return response


def seen_version(request: HttpRequest) -> int | None:
    """The version in If-Match; None without one. Raises Stale for what was never an ETag of ours."""
    given = request.headers.get("If-Match", "").strip()
    if given in {"", "*"}:
        return None
    digits = given.removeprefix("W/").strip('"')
    if not digits.isascii() or not digits.isdigit() or len(digits) > 9:
        raise Stale
    return int(digits)


def chosen_fields(given: str, known: list[str]) -> list[str]:
    """The names in `fields=a,b`, all of `known` without it. Raises Invalid that names an unknown one."""
    wanted = list(dict.fromkeys(name.strip() for name in given.split(",") if name.strip()))
    for name in wanted:
        if name not in known:
            raise Invalid.field("fields", _("There is no field %(name)s.") % {"name": name[:50]})
    return wanted or known


def picked(row: Mapping[str, Any], fields: list[str]) -> dict[str, Any]:
    return {name: row[name] for name in fields}
