"""Which workspace `/` leads to: the one whose pages this browser saw last."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "tika_workspace"
A_YEAR = 60 * 60 * 24 * 365


class LastWorkspace:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        response = self.get_response(request)
        if request.is_api or request.member is None or response.status_code != 200:
            return response
        slug = request.member.tenant_slug
        if request.COOKIES.get(COOKIE) != slug:
            secure = settings.SESSION_COOKIE_SECURE
            response.set_cookie(COOKIE, slug, max_age=A_YEAR, secure=secure, httponly=True, samesite="Lax")
        return response
