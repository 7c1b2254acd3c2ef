"""What a request for a stream says, read once and by the rules that `web` reads requests with."""

import io
import re
import uuid
from collections.abc import MutableMapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from observability.middleware import about_request
from tenancy.errors import Invalid, NotFound, Refusal
from tenancy.identity import Credentials
from tenancy.origin import client_ip, credentials, named_workspace, split_workspace

Scope = MutableMapping[str, Any]
BOARD = re.compile(r"/api/boards/([\w-]+)/events", re.ASCII)
# As the lines and counts name it.
EVENTS = "api/boards/<board_id>/events"
LATEST = 2**63 - 1


@dataclass(frozen=True)
class Asked:
    """One stream, asked for; `since` is the version that the client has, None where it has none."""

    who: Credentials
    board_id: uuid.UUID
    since: int | None
    request_id: str
    ip: str
    user_agent: str


class WrongMethod(Refusal):
    status, code = 405, "METHOD_NOT_ALLOWED"
    sentence = _("An event stream can only be read: use GET.")


def request_of(scope: Scope) -> ASGIRequest:
    request = ASGIRequest(scope, io.BytesIO())
    told = about_request(request.headers.get("X-Request-Id", ""), request.headers.get("traceparent", ""))
    request.id, request.about = told.request_id, told  # type: ignore[attr-defined]
    return request


def language_of(request: ASGIRequest) -> str:
    return translation.get_language_from_request(request)


def read(request: ASGIRequest) -> Asked:
    """Raises Refusal."""
    in_path, path = split_workspace(request.path)
    match = BOARD.fullmatch(path)
    if match is None:
        raise NotFound
    if request.method != "GET":
        raise WrongMethod
    refuse_unknown(request)
    try:
        workspace = named_workspace(request, in_path)
    except DisallowedHost as error:
        raise Refusal from error
    return Asked(
        who=credentials(request, workspace, tokens=True),
        board_id=board_id_of(match[1]),
        since=since_of(request),
        request_id=request.id,  # type: ignore[attr-defined]
        ip=client_ip(request.META) or "",
        user_agent=request.META.get("HTTP_USER_AGENT", "").replace("\x00", ""),
    )


def refuse_unknown(request: ASGIRequest) -> None:
    for name in request.GET:
        if name != "since":
            raise Invalid.field(name[:100], _("There is no such parameter. Remove it."))


def board_id_of(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound from None


def since_of(request: ASGIRequest) -> int | None:
    """`?since=` or, from a browser that comes back by itself, Last-Event-ID: the later of the two."""
    said = [("since", text) for text in request.GET.getlist("since")]
    said.append(("Last-Event-ID", request.headers.get("Last-Event-ID", "")))
    return max((version_of(name, text) for name, text in said if text), default=None)


def version_of(name: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,19}", text) or int(text) > LATEST:
        sentence = _("This is no version of a board.")
        raise Refusal(sentence, details=[{"field": name, "message": sentence}])
    return int(text)
