"""Answers that are not streams, in the house's error shape, and the headers that every answer carries."""

from email.utils import formatdate
from http import HTTPStatus
from typing import Any

import orjson
from django.conf import settings
from django.utils import translation

from tenancy.errors import Refusal


def refusal_answer(refusal: Refusal, *, request_id: str, language: str) -> tuple[dict[str, str], bytes]:
    with translation.override(language):
        error: dict[str, Any] = {
            "code": refusal.code,
            "message": str(refusal.message),
            "details": refusal.details,
            "request_id": request_id,
        }
        body = orjson.dumps({"error": error}, default=str)
    headers = headers_of("application/json", request_id) | {"Content-Length": str(len(body))}
    if refusal.status == 401:
        headers["WWW-Authenticate"] = 'Bearer realm="tika"'
    if refusal.status == 405:
        headers["Allow"] = "GET"
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(refusal.retry_after)
    return headers, body


def headers_of(content_type: str, request_id: str) -> dict[str, str]:
    """A connection serves one answer: a client that was handed over would find nothing else of the site here."""
    headers = {
        "Content-Type": content_type,
        "Cache-Control": "no-store",
        "Connection": "close",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Date": formatdate(usegmt=True),
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "X-Accel-Buffering": "no",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": settings.X_FRAME_OPTIONS,
        "X-Request-Id": request_id,
        "X-Tika-Version": settings.VERSION,
    }
    if settings.SECURE_HSTS_SECONDS:
        headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    return headers


def plain_http(refusal: Refusal, *, request_id: str, language: str) -> bytes:
    """The whole answer as bytes, for a server that has only the socket."""
    headers, body = refusal_answer(refusal, request_id=request_id, language=language)
    head = [f"HTTP/1.1 {refusal.status} {HTTPStatus(refusal.status).phrase}"]
    head += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*head, "", ""]).encode("latin-1") + body
