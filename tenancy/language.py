"""The reader's language and time zone: what they have set, else what their browser says."""

from collections.abc import Callable
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

LANGUAGES = frozenset(code for code, _ in settings.LANGUAGES)


def activate_for(person: Any) -> None:
    """Until the request ends, for a Member or a User."""
    if person.language in LANGUAGES:
        translation.activate(person.language)
    if zone := zone_named(person.timezone):
        timezone.activate(zone)


def language_of(person: Any) -> str:
    """What a User has set, else the language that is spoken right now."""
    return person.language if person and person.language in LANGUAGES else translation.get_language()


@cache
def zone_named(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


class ReaderLanguage:
    """Reads the cookie, then Accept-Language; who has a language of their own gets it as a cookie, so that pages that
    come before one knows the reader (sign-in, errors) speak it too. Costs no statement."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        timezone.deactivate()
        translation.activate(translation.get_language_from_request(request))
        request.reader = None
        response = self.get_response(request)
        if not request.is_api and (person := request.reader or request.member):
            remember_language(request, response, person.language)
        patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        return response

    def process_view(self, request: Any, view: Any, args: Any, kwargs: Any) -> None:
        # The view's own guard loads the user; other pages outside a workspace stay without a statement.
        if getattr(view, "permission", "") == "signed-in" and request.user.is_authenticated:
            request.reader = request.user
            activate_for(request.user)


def remember_language(request: HttpRequest, response: HttpResponse, language: str) -> None:
    name = settings.LANGUAGE_COOKIE_NAME
    if language in LANGUAGES and request.COOKIES.get(name) != language and name not in response.cookies:
        set_language_cookie(response, language)


def set_language_cookie(response: HttpResponse, language: str) -> None:
    """With "" the browser decides again."""
    name = settings.LANGUAGE_COOKIE_NAME
    if language:
        age, secure = settings.LANGUAGE_COOKIE_AGE, settings.LANGUAGE_COOKIE_SECURE
        response.set_cookie(name, language, max_age=age, secure=secure, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(name, samesite="Lax")
