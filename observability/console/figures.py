"""How figures and moments are written in the console."""

import math
from datetime import datetime

from django.utils import formats, timezone


def moment(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "SHORT_DATETIME_FORMAT")


def shown_ms(value: float) -> str:
    """With as many digits as one reads."""
    if value >= 1000:
        return f"{value / 1000:.3g} s"
    return f"{value:.3g} ms" if value else "0 ms"


def shown_count(value: float) -> str:
    if value >= 100_000:
        return f"{value / 1000:.0f}k"
    return f"{value:,.0f}" if value == int(value) else f"{value:,.3g}"


def shown_share(value: float) -> str:
    """0.9995 as 99.95%: never rounded up to what it is not."""
    percent = math.floor(value * 100_000 + 1e-6) / 1000 if value < 1 else value * 100
    return f"{percent:.3f}".rstrip("0").rstrip(".") + "%"
