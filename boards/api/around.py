"""What stands around the operations in the OpenAPI document."""

from http import HTTPStatus
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_noop as _
from ninja.schema import NinjaGenerateJsonSchema

from boards.api.board_shapes import Error, Health
from boards.api.door import WrongType
from boards.api.examples import EXAMPLES, IDS
from tenancy import errors
from tenancy.errors import Refusal

Json = dict[str, Any]
DESCRIPTION = _(
    "Boards, tickets and what happens on them. Send a personal token as `Authorization: Bearer tika_pat_...`; it is"
    " bound to one workspace. A session names its workspace in the path (`/acme/api/boards`) or in `X-Tenant-Id`. Lists"
    " come in pages: `next` is the `cursor` of the following one. A write that may be sent twice carries an"
    " `Idempotency-Key`."
)
SERVERS = [
    {"url": "/", "description": "With a token"},
    {"url": "/{workspace}", "description": "With a session", "variables": {"workspace": {"default": "demo"}}},
]
SECURITY = {
    "token": {"type": "http", "scheme": "bearer", "bearerFormat": "tika_pat_...", "description": "A personal token."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "sessionid",
        "description": "A browser's session. Writes send the csrftoken cookie's value as X-CSRFToken too.",
    },
}
TEXT: Json = {"type": "string"}
NUMBER: Json = {"type": "integer", "minimum": 0}
PARAMETERS: Json = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": _("Sent again with the same key and body, the request has one effect and one answer."),
        "schema": {"type": "string", "maxLength": 255},
        "example": "3f0f1c5e-import-row-17",
    },
    "IfMatch": {
        "name": "If-Match",
        "in": "header",
        "description": _(
            "The `ETag` of what was edited. Edits of different fields merge; of the same one, 409 has both."
        ),
        "schema": TEXT,
        "example": '"3"',
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "description": _("The `ETag` of what you have: 304 when it is still so."),
        "schema": TEXT,
        "example": '"3"',
    },
    "Workspace": {
        "name": "X-Tenant-Id",
        "in": "header",
        "description": _("The workspace, by its short name or id, for a session. A token has its own."),
        "schema": TEXT,
    },
}
HEADERS: Json = {
    "ETag": {"description": _("For `If-None-Match`, and a ticket's for `If-Match`."), "schema": TEXT},
    "X-Request-Id": {"description": _("What the log knows the request by."), "schema": TEXT},
    "RateLimit-Limit": {"description": _("Requests a minute."), "schema": NUMBER},
    "RateLimit-Remaining": {"description": _("Requests that can be made at once now."), "schema": NUMBER},
    "RateLimit-Reset": {"description": _("Seconds until all of them can again."), "schema": NUMBER},
    "Retry-After": {"description": _("Seconds to wait."), "schema": NUMBER},
}
ON_EVERY_ANSWER = ("X-Request-Id", "RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
REFUSALS: tuple[type[Refusal], ...] = (
    Refusal,
    errors.NotSignedIn,
    errors.Forbidden,
    errors.NotFound,
    errors.Conflict,
    errors.Stale,
    errors.TooLarge,
    WrongType,
    errors.Invalid,
    errors.RateLimited,
    errors.Unavailable,
)
DETAILS: dict[int, Any] = {
    409: {"fields": {"title": {"base": "Pay page", "yours": "Pay page fails", "theirs": "Payment"}}, "version": 4},
    422: [{"field": "title", "message": "This field is required."}],
}
TICKET = "/api/tickets/{ticket_id}"
EVENTS = "/api/boards/{board_id}/events"
CONTENT = "/api/attachments/{attachment_id}/content"
STREAM = f'id: 74\nevent: changes\ndata: {{"version":74,"since":73,"tickets":[],"removed":["{IDS["ticket"]}"]}}\n\n'


def refer(kind: str, *names: str) -> Json:
    return {name: {"$ref": f"#/components/{kind}/{name}"} for name in names}


def headers_of(path: str) -> Json:
    """A stream is one request, however long."""
    return refer("headers", *ON_EVERY_ANSWER[: 1 if path == EVENTS else None])


def schemas() -> Json:
    """Those of no ninja operation."""
    found: Json = {}
    for model in (Error, Health):
        made = model.model_json_schema(
            ref_template="#/components/schemas/{model}", schema_generator=NinjaGenerateJsonSchema, mode="serialization"
        )
        found |= {**made.pop("$defs", {}), model.__name__: made}
    return found


def name_of(refusal: type[Refusal]) -> str:
    return refusal.code.title().replace("_", "")


def refusals() -> Json:
    return {name_of(refusal): refusal_answer(refusal) for refusal in REFUSALS}


def refusal_answer(refusal: type[Refusal]) -> Json:
    body = {
        "code": refusal.code,
        "message": str(refusal.sentence),
        "details": DETAILS.get(refusal.status, []),
        "request_id": "8f14e45fceea467a9f4f1d5e0b6c2a11",
    }
    headers = refer("headers", "X-Request-Id", *(["Retry-After"] if refusal.status in {429, 503} else []))
    media = {"schema": {"$ref": "#/components/schemas/Error"}, "example": {"error": body}}
    return {
        "description": HTTPStatus(refusal.status).phrase,
        "headers": headers,
        "content": {"application/json": media},
    }


def refusals_of(method: str, path: str, *, has_body: bool) -> Json:
    """What any operation may answer, and what this kind may besides."""
    statuses = {400, 401, 403, 404, 422, 429}
    statuses |= set() if method == "get" else {409}
    statuses |= {413, 415} if has_body else set()
    statuses |= {412} if (method, path) == ("patch", TICKET) else set()
    statuses |= {503} if path == EVENTS else set()
    named = {refusal.status: name_of(refusal) for refusal in REFUSALS}
    return {str(status): {"$ref": f"#/components/responses/{named[status]}"} for status in sorted(statuses)}


def more_parameters(method: str, path: str) -> list[Json]:
    names = ["Workspace"]
    names += ["IfNoneMatch"] if method == "get" and path not in {EVENTS, CONTENT} else []
    names += ["IdempotencyKey"] if method != "get" else []
    names += ["IfMatch"] if (method, path) == ("patch", TICKET) else []
    return list(refer("parameters", *names).values())


def finish_special(operation: Json, path: str) -> None:
    """The two answers that are not JSON."""
    if path == EVENTS:
        media: Json = {"text/event-stream": {"schema": TEXT, "example": STREAM}}
    elif path == CONTENT:
        # In OpenAPI 3.1 bytes are what has no schema.
        media = {"application/octet-stream": {"example": "(the bytes of the file)"}}
    else:
        return
    operation["responses"] = {200: {"description": "OK", "content": media}}


def paths() -> Json:
    return {
        "/api/health": {"get": health("health", _("Can it serve?"))},
        "/readyz": {"get": health("readyz", _("Can it serve?"))},
        "/livez": {"get": alive()},
    }


def health(name: str, summary: str) -> Json:
    media = {"schema": {"$ref": "#/components/schemas/Health"}, "example": EXAMPLES["Health"]}
    ill: Json = {
        **EXAMPLES["Health"],
        "status": "unavailable",
        "checks": dict.fromkeys(EXAMPLES["Health"]["checks"], False),
    }
    return {
        "operationId": name,
        "summary": translation.gettext(summary),
        "tags": ["health"],
        "security": [],
        "responses": {
            "200": {"description": "OK", "content": {"application/json": media}},
            "503": {"description": "Service Unavailable", "content": {"application/json": {**media, "example": ill}}},
        },
    }


def alive() -> Json:
    return {
        "operationId": "livez",
        "summary": translation.gettext(_("Is the process there?")),
        "tags": ["health"],
        "security": [],
        "responses": {
            "200": {"description": "OK", "content": {"text/plain": {"schema": TEXT, "example": "ok"}}},
        },
    }
