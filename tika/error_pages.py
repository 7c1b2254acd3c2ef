"""What is answered when no view could: JSON below /api/, a page elsewhere."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from tenancy.errors import Forbidden, NotFound, RateLimited, Refusal, refusal_response


class ServerError(Refusal):
    status, code = 500, "INTERNAL_ERROR"
    sentence = _("Something went wrong on the server. Nothing was changed; try again.")


class MethodNotAllowed(Refusal):
    status, code = 405, "METHOD_NOT_ALLOWED"
    sentence = _("This address does not know the method; Allow names those it knows.")


FRAMEWORK_ERRORS = {refusal.status: refusal for refusal in (Refusal, Forbidden, NotFound, MethodNotAllowed)}


class ErrorShape:
    """Below /api/ what the framework refuses by itself gets the shape that all errors have."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        refusal = FRAMEWORK_ERRORS.get(response.status_code)
        if refusal is None or not is_api(request) or "json" in response.get("Content-Type", ""):
            return response
        shaped = refusal_response(request, refusal())
        for name in ("Allow", "Content-Language", "Vary"):
            if name in response:
                shaped[name] = response[name]
        return shaped


def is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def answer(request: Any, refusal: Refusal) -> HttpResponse:
    if is_api(request):
        return refusal_response(request, refusal)
    return render(request, "error.html", {"refusal": refusal}, status=refusal.status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, Refusal())


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, Forbidden(str(exception) or None))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, NotFound())


def server_error(request: HttpRequest) -> HttpResponse:
    return answer(request, ServerError())


def too_many(request: HttpRequest) -> HttpResponse:
    return answer(request, RateLimited(_("Too many attempts. Wait a minute and try again.")))


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    return answer(request, Forbidden(_("This page was open for too long. Go back, load it again and send it again.")))
