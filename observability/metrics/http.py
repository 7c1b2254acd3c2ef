"""Counts each answered request (an observer of `observability.middleware`)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from observability.metrics.catalogue import REQUEST_DURATION, REQUEST_EDGES, REQUESTS
from observability.metrics.page import page
from observability.middleware import METHODS, OTHER, UNMATCHED

STATIC = "static/"
places: dict[tuple[str, str, int], tuple[int, int]] = {}


def observe(request: HttpRequest, response: HttpResponse, route: str, seconds: float) -> None:
    if route == UNMATCHED and request.path_info.startswith(settings.STATIC_URL) and response.status_code < 400:
        route = STATIC
    key = (route, METHODS.get(request.method or "", OTHER), response.status_code)
    found = places.get(key) or place_of(*key)
    page.count_request(*found, REQUEST_EDGES, seconds * 1000)


def place_of(route: str, method: str, status: int) -> tuple[int, int]:
    found = (
        page.place(REQUESTS, method, route, str(status)),
        page.place(REQUEST_DURATION, method, route, f"{status // 100}xx"),
    )
    places[route, method, status] = found
    return found
