"""What the console's templates need beside Django's own."""

import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from observability.console.cost.estimate import Estimate
from observability.console.cost.prices import KINDS
from observability.console.figures import shown_count, shown_ms, shown_share
from observability.console.navigation import SECTIONS
from observability.slo.objective import Objective

register = template.Library()
INDICATORS = {
    "availability": _("Availability"),
    "error_rate": _("Error rate"),
    "api_latency": _("API latency"),
    "page_load": _("Page load"),
    "sync_lag": _("Sync lag"),
    "restore_freshness": _("Restore freshness"),
}

CHECKS = {
    "checksums": _("checksums"),
    "contents": _("contents"),
    "wall": _("tenant wall"),
    "stranger": _("strangers see nothing"),
    "log": _("log"),
    "schema": _("schema"),
}


@register.inclusion_tag("console/_navigation.html", takes_context=True)
def navigation(context: dict[str, Any]) -> dict[str, Any]:
    """What the reader may open; the page they are on, or the one it belongs to, is marked."""
    request = context["request"]
    sections = []
    for heading, places in SECTIONS:
        mine = [(place, place.url) for place in places if request.operator.may(place.level)]
        if mine:
            sections.append((heading, [(place, url, is_here(request.path, url)) for place, url in mine]))
    return {"sections": sections}


def is_here(path: str, url: str) -> bool:
    return path == url or (url != reverse("console:overview") and path.startswith(url))


def or_dash(show: Callable[[float], str]) -> Callable[[float | None], str]:
    return lambda value: "–" if value is None else show(value)


register.filter("ms", or_dash(shown_ms))
register.filter("count", or_dash(shown_count))
register.filter("share", or_dash(shown_share))


@register.filter
def times(value: float | None) -> str:
    """A burn rate: 14.4×."""
    return "–" if value is None else f"{value:.3g}×"


@register.filter
def percent(value: float | None) -> str:
    """Of a share, for the width of a picture: 0 to 100, a share below or above is drawn at the edge."""
    return f"{max(0.0, min(1.0, value or 0.0)) * 100:.2f}%"


@register.filter
def rough(value: float | None) -> str:
    """A share with one digit behind the point, rounded down: 36.4%."""
    return "–" if value is None else f"{math.floor(value * 1000) / 10:.1f}%"


@register.filter
def breakable(path: str) -> SafeString:
    """A route, which may go on in a new line after a slash."""
    return mark_safe(escape(path).replace("/", "/<wbr>"))  # noqa: S308 - escaped before


@register.filter
def indicator(objective: Objective) -> Any:
    """What an objective is about, for people."""
    return INDICATORS.get(objective.indicator, objective.indicator)


@register.filter
def check_name(name: str) -> Any:
    """What a restore was looked at for (backups.checks)."""
    return CHECKS.get(name, name)


@register.filter
def dollars(estimate: Estimate, kind: str) -> str:
    """Of one kind of cost, or of all; a plus where a price is missing, a dash where all of them are."""
    lines = [line for line in estimate.lines if kind in ("", line.price.kind)]
    missing = [line for line in lines if line.usd is None]
    if lines and len(missing) == len(lines):
        return "–"
    return f"{estimate.of(kind):,.2f}" + (" +" if missing else "")


@register.filter
def bars(estimate: Estimate, largest: float) -> list[dict[str, str]]:
    """One for each kind of cost, beside each other; the widest line of the page is 100%."""
    found, at = [], 0.0
    for kind in KINDS:
        width = float(estimate.of(kind)) / largest * 100
        found.append({"kind": kind, "x": f"{at:.2f}%", "width": f"{width:.2f}%"})
        at += width
    return found


@register.filter
def span(value: float | timedelta | None) -> str:
    """Seconds as one says them: 6.6 s, 4 min, 3 h."""
    if value is None:
        return "–"
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    if seconds < 120:
        return _("%(number)s s") % {"number": f"{seconds:.3g}"}
    if seconds < 7200:
        return _("%(number)s min") % {"number": f"{seconds / 60:.0f}"}
    return _("%(number)s h") % {"number": f"{seconds / 3600:.0f}"}
