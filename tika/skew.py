"""Clients and servers of different versions, which meet while an installation is upgraded and for days after it.

Every answer says `X-Tika-Version` (observability.middleware, tika.live.answers); a page compares it with its own. Here
stands what a client must be told: that it is too old to write, or that what it asks for was removed.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from tenancy.errors import Refusal, refusal_response
from tenancy.origin import split_workspace

SAFE = {"GET", "HEAD", "OPTIONS"}
# The oldest page whose writes still mean what they meant. It says its version as X-Tika-Client; scripts say none.
OLDEST_CLIENT = "0.1.0"


@dataclass(frozen=True)
class Gone:
    """A route of the API that was there: `path` matches all of it, without the workspace."""

    path: str
    removed_in: str
    instead: str


# A route is named here when it goes, and for good.
REMOVED: tuple[Gone, ...] = ()


class Outdated(Refusal):
    status, code = 409, "CLIENT_OUTDATED"
    sentence = _("This page is older than the server. Load it again; what you have typed is kept.")


class Removed(Refusal):
    status, code = 410, "REMOVED"

    def __init__(self, gone: Gone) -> None:
        told = {"removed_in": gone.removed_in, "instead": gone.instead}
        super().__init__(_("This was removed with Tika %(removed_in)s. Use %(instead)s.") % told, details=told)


class Skew:
    """Refuses the writes of pages that are too old, and says of a removed route what took its place."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        client = request.headers.get("X-Tika-Client", "")
        if request.method not in SAFE and client and is_older(client, OLDEST_CLIENT):
            return refused(request, Outdated)
        path = split_workspace(request.path_info)[1]
        response = self.get_response(request)
        if not path.startswith("/api/"):
            return response
        if response.status_code == 404 and (gone := removed(path)):
            return refused(request, lambda: Removed(gone))
        return with_oldest(response)


def refused(request: HttpRequest, refusal: Callable[[], Refusal]) -> HttpResponse:
    """In the reader's language, whom nobody has met yet."""
    with translation.override(translation.get_language_from_request(request)):
        return with_oldest(refusal_response(request, refusal()))


def with_oldest(response: HttpResponse) -> HttpResponse:
    response["X-Tika-Min-Client"] = OLDEST_CLIENT
    return response


def removed(path: str) -> Gone | None:
    return next((gone for gone in REMOVED if re.fullmatch(gone.path, path)), None)


def is_older(version: str, other: str) -> bool:
    """What is no version is not older than anything: it says nothing."""
    mine, theirs = numbers(version), numbers(other)
    return bool(mine) and mine < theirs


def numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"(\d{1,6})\.(\d{1,6})\.(\d{1,6})", version)
    return tuple(map(int, found.groups())) if found else ()
