"""Shares and places as templates need them."""

import math
from typing import Any

from django import template
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def exact_share(value: float | None) -> str:
    """0.99953 is 99.953%: rounded down, so that nothing that failed reads as 100%."""
    if value is None:
        return _("Insufficient data")
    percent = math.floor(value * 100_000 + 1e-6) / 1000 if value < 1 else 100.0
    return f"{percent:.3f}".rstrip("0").rstrip(".") + "%"


@register.filter
def rough_share(value: float | None) -> str:
    """For budgets: one digit behind the point, rounded down."""
    return _("Insufficient data") if value is None else f"{math.floor(value * 1000 + 1e-6) / 10:.1f}%"


@register.filter
def events(value: Any) -> str:
    return f"{float(value):,.0f}"


@register.filter
def unlocal(value: float) -> str:
    """A number as SVG reads it, in every language."""
    return f"{value:.3f}"


@register.filter
def plus(value: float, more: float) -> str:
    return f"{value + more:.3f}"


@register.filter
def width(share: float) -> str:
    return f"{max(0.0, min(1.0, share)) * 100:.2f}"
