"""Every route says who may use it, or the app does not start."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import Operation

import boards.api.urls  # noqa: F401 - adds the routers
from boards.api.root import api


def operations() -> Iterator[Operation]:
    for bound in api._get_bound_routers():
        for view in bound.path_operations.values():
            yield from view.operations


def patterns(resolver: Any, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """(route, pattern) of every address, those of the API left out: there a view is one of several operations."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            if entry.app_name != "ninja":
                yield from patterns(entry, route)
        else:
            yield route, entry


def unguarded() -> list[str]:
    missing = [route for route, entry in patterns(get_resolver()) if not hasattr(entry.callback, "permission")]
    missing += [
        f"{operation.methods[0]} {operation.path}"
        for operation in operations()
        if not hasattr(operation.view_func, "permission")
    ]
    return sorted(missing)


def refuse_unguarded_routes() -> None:
    if missing := unguarded():
        raise ImproperlyConfigured(
            "Tika does not start: these routes do not say who may use them: " + ", ".join(missing) + "."
            " Put @allow(...), @allow_signed_in or @allow_anonymous on their views."
        )
