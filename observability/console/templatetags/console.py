"""What the console's templates need beside Django's own."""

from typing import Any

from django import template
from django.urls import reverse

from observability.console.navigation import SECTIONS

register = template.Library()


@register.inclusion_tag("console/_navigation.html", takes_context=True)
def navigation(context: dict[str, Any]) -> dict[str, Any]:
    """What the reader may open; the page they are on, or the one it belongs to, is marked."""
    request = context["request"]
    sections = []
    for heading, places in SECTIONS:
        mine = [(place, reverse(f"console:{place.name}")) for place in places if request.operator.may(place.level)]
        if mine:
            sections.append((heading, [(place, url, is_here(request.path, url)) for place, url in mine]))
    return {"sections": sections}


def is_here(path: str, url: str) -> bool:
    return path == url or (url != reverse("console:overview") and path.startswith(url))
