"""What every operation of the API asks before it reads a body: may they, and does the request fit the route?"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.operation import Operation

from audit.access import require
from tenancy.errors import Invalid, Refusal, refusal_response

Run = Callable[..., HttpResponse]


class WrongType(Refusal):
    status, code = 415, "UNSUPPORTED_MEDIA_TYPE"


def at_the_door(run: Run) -> Run:
    """Decorates `Operation.run`: the person first, then parameters the route does not have, then the body's type."""
    operation: Operation = run.__self__  # type: ignore[attr-defined]
    known = parameters_of(operation)
    takes = media_type_of(operation)

    @wraps(run)
    def checked(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            require(request.member, request.user_id, operation.view_func.permission)  # type: ignore[attr-defined]
            only_known(request, known)
            if takes and has_body(request) and request.content_type != takes:
                raise WrongType(_("Send the body as %(type)s.") % {"type": takes})
        except Refusal as refusal:
            return refusal_response(request, refusal)
        return run(request, *args, **kwargs)

    return checked


def parameters_of(operation: Operation) -> frozenset[str]:
    return frozenset(
        name
        for model in operation.models
        if model.__ninja_param_source__ == "query"
        for name in model.__ninja_flatten_map__
    )


def media_type_of(operation: Operation) -> str:
    sources = {model.__ninja_param_source__ for model in operation.models}
    return "multipart/form-data" if "file" in sources else "application/json" if "body" in sources else ""


def has_body(request: HttpRequest) -> bool:
    return request.META.get("CONTENT_LENGTH", "0") not in {"", "0"} or "HTTP_TRANSFER_ENCODING" in request.META


def only_known(request: HttpRequest, names: frozenset[str]) -> None:
    for name in request.GET:
        if name not in names:
            raise Invalid.field(name[:100], _("There is no such parameter. Remove it."))
