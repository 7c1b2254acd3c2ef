"""What is answered when no view could: JSON below /api/, a page elsewhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from tenancy.errors import Forbidden, NotFound, Refusal, refusal_response


class ServerError(Refusal):
    status, code = 500, "INTERNAL_ERROR"
    sentence = _("Something went wrong on the server. Nothing was changed; try again.")


def answer(request: Any, refusal: Refusal) -> HttpResponse:
    if request.path_info.startswith("/api/") or getattr(request, "is_api", False):
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
