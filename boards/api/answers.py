"""What most routes need to answer: JSON bytes with an ETag, pages by key, and replies kept for a repeated key."""

import base64
import binascii
import hashlib
import uuid
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from tenancy.errors import Conflict, Invalid, Refusal, Stale
from tenancy.ids import uuid7

LIMIT, MOST = 50, 500


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


def chosen_fields(given: str | None, known: list[str]) -> list[str]:
    """The names in `fields=a,b`, all of `known` without it. Raises Invalid that names an unknown one."""
    if not given:
        return known
    wanted = list(dict.fromkeys(name.strip() for name in given.split(",") if name.strip()))
    for name in wanted:
        if name not in known:
            raise Invalid.field("fields", _("There is no field %(name)s.") % {"name": name[:50]})
    return wanted or known


def only_known(request: HttpRequest, *names: str) -> None:
    """Raises Invalid that names a query parameter the route does not have."""
    for name in request.GET:
        if name not in names:
            raise Invalid.field(name[:100], _("There is no such parameter. Remove it."))


CLAIM_SQL = """INSERT INTO tenancy_idempotentreply (id, tenant_id, actor, key, fingerprint, etag, created_at)
VALUES (%s, %s, %s, %s, %s, '', now()) ON CONFLICT (tenant_id, actor, key) DO NOTHING RETURNING id"""


def once(request: Any, write: Callable[[], HttpResponse]) -> HttpResponse:
    """Runs `write`; with an `Idempotency-Key` only the first time, and then answers what was answered.

    The claim waits for a twin that is still at work, in the database, so two at once have one effect. Raises Conflict
    when the key came with another request before.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return write()
    if len(key) > 255 or "\x00" in key:
        raise Invalid.field("Idempotency-Key", _("Use at most 255 characters."))
    member = request.member
    fingerprint = hashlib.sha256(b"\n".join([request.method.encode(), request.path.encode(), request.body])).digest()
    with connection.cursor() as cursor:
        claim = uuid7()
        cursor.execute(CLAIM_SQL, [claim, member.tenant_id, str(member.id), key, fingerprint])
        if cursor.fetchone() is None:
            return replay(member, key, fingerprint)
    response = write()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tenancy_idempotentreply SET status = %s, etag = %s, body = %s WHERE tenant_id = %s AND id = %s",
            [response.status_code, response.get("ETag", ""), response.content, member.tenant_id, claim],
        )
    return response


def replay(member: Any, key: str, fingerprint: bytes) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT fingerprint, status, etag, body FROM tenancy_idempotentreply"
            " WHERE tenant_id = %s AND actor = %s AND key = %s",
            [member.tenant_id, str(member.id), key],
        )
        row = cursor.fetchone()
    if row is None:
        raise Refusal(_("The first request with this key is not done. Try again."))
    if bytes(row[0]) != fingerprint:
        raise Conflict(_("This Idempotency-Key came with another request before. Use a new one."))
    response = json_response(bytes(row[3] or b""), status=row[1], etag=row[2].strip('"'))
    response["Idempotent-Replayed"] = "true"
    return response
