"""The API object: its parser, and the one shape of its errors."""

import json
from typing import Any

import orjson
from django.core.exceptions import RequestDataTooBig
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from boards.api.door import at_the_door
from boards.api.messages import sentence_for
from tenancy.errors import Invalid, NotFound, Refusal, TooLarge, refusal_response


class StrictJson(Parser):
    """orjson refuses NaN, lone surrogates and endless nesting, which Python's own parser lets in or falls over. That
    one sees a key that stands twice, of which a filter in front may have read the other."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            parsed = orjson.loads(request.body)
            json.loads(request.body, object_pairs_hook=each_once)
            return parsed
        except RecursionError as error:
            raise Refusal(_("The body is nested too deeply.")) from error
        except orjson.JSONDecodeError as error:
            sentence = _("The body is not valid JSON: look at line %(line)s, column %(column)s.")
            raise Refusal(sentence % {"line": error.lineno, "column": error.colno}) from error


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Raises Invalid that names a key which stands twice in one object."""
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Invalid.field(twice[:100], _("This field stands there twice. Send it once."))
    return found


class JsonBytes(BaseRenderer):
    """Bytes that PostgreSQL wrote pass as they are."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> Any:
        return data if isinstance(data, bytes) else orjson.dumps(data, default=str)


api = NinjaAPI(
    title="Tika",
    version="1",
    parser=StrictJson(),
    renderer=JsonBytes(),
    openapi_url=None,
    docs_url=None,
)
api.add_decorator(at_the_door, mode="view")


@api.exception_handler(Refusal)
def refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    return refusal_response(request, error)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    details = [{"field": field_of(item["loc"]), "message": sentence_for(item)} for item in error.errors[:20]]
    return refusal_response(request, Invalid(details=details))


@api.exception_handler(RequestDataTooBig)
def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return refusal_response(request, TooLarge())


@api.exception_handler(UnreadablePostError)
def cut_off(request: HttpRequest, error: UnreadablePostError) -> HttpResponse:
    return refusal_response(request, Refusal(_("The request ended before its body was complete.")))


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    cause = error.__cause__
    return refusal_response(request, cause if isinstance(cause, Refusal) else Refusal(str(error)))


@api.exception_handler(Http404)
def missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return refusal_response(request, NotFound())


@api.exception_handler(DataError)
def out_of_range(request: HttpRequest, error: DataError) -> HttpResponse:
    return refusal_response(request, Invalid(_("A value is outside what can be stored.")))


def field_of(location: tuple[Any, ...]) -> str:
    """("body", "payload", "labels", 3) is "labels.3" to the caller."""
    parts = [str(part) for part in location if part not in {"body", "query", "path", "header", "form", "file"}]
    if parts and parts[0] in {"payload", "filters"}:
        parts = parts[1:]
    return ".".join(parts) or "body"
