"""`Idempotency-Key`: a write that is repeated has one effect and one answer, on every route of the API."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.utils.translation import gettext as _

from tenancy.errors import Conflict, Invalid, Refusal, refusal_response
from tenancy.identity import Member
from tenancy.ids import uuid7

LONGEST_KEY = 255
CLAIM_SQL = """INSERT INTO tenancy_idempotentreply (id, tenant_id, actor, key, fingerprint, etag, created_at)
VALUES (%s, %s, %s, %s, %s, '', now()) ON CONFLICT (tenant_id, actor, key) DO NOTHING RETURNING id"""


def once(request: Any, write: Callable[[Any], HttpResponse]) -> HttpResponse:
    """Runs `write`; with an `Idempotency-Key` only the first time, and then answers what was answered.

    The claim is part of the write's transaction: a refused write leaves none, and a twin that comes while the first is
    at work waits for it in the database.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return write(request)
    if len(key) > LONGEST_KEY or "\x00" in key:
        sentence = _("Use at most %(max_length)s characters.") % {"max_length": LONGEST_KEY}
        return refusal_response(request, Invalid.field("Idempotency-Key", sentence))
    member, claim, fingerprint = request.member, uuid7(), fingerprint_of(request)
    with connection.cursor() as cursor:
        cursor.execute(CLAIM_SQL, [claim, member.tenant_id, str(member.id), key, fingerprint])
        if cursor.fetchone() is None:
            return replay(request, member, key, fingerprint)
    response = write(request)
    if response.status_code < 400:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE tenancy_idempotentreply SET status = %s, etag = %s, body = %s WHERE tenant_id = %s AND id = %s",
                [response.status_code, response.get("ETag", ""), response.content, member.tenant_id, claim],
            )
    return response


def fingerprint_of(request: Any) -> bytes:
    """Of method, path and body; of an uploaded file the length only, which is not read twice."""
    is_upload = request.content_type == "multipart/form-data"
    body = request.META.get("CONTENT_LENGTH", "").encode() if is_upload else request.body
    return hashlib.sha256(b"\n".join([request.method.encode(), request.path.encode(), body])).digest()


def replay(request: Any, member: Member, key: str, fingerprint: bytes) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT fingerprint, status, etag, body FROM tenancy_idempotentreply"
            " WHERE tenant_id = %s AND actor = %s AND key = %s",
            [member.tenant_id, str(member.id), key],
        )
        row = cursor.fetchone()
    if row is None or row[1] is None:
        return refusal_response(request, Refusal(_("The first request with this key is not done. Try again.")))
    if bytes(row[0]) != fingerprint:
        sentence = _("This Idempotency-Key came with another request before. Use a new one.")
        return refusal_response(request, Conflict(sentence))
    response = HttpResponse(bytes(row[3] or b""), content_type="application/json", status=row[1])
    response["Cache-Control"] = "private, no-cache"
    if row[2]:
        response["ETag"] = row[2]
    response["Idempotent-Replayed"] = "true"
    return response
