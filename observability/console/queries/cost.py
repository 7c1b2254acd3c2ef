"""What running this installation costs, by the prices that were named."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from observability.console.cost.estimate import Estimate, Load, as_json, break_even, estimates, loads
from observability.console.cost.prices import Prices, read
from observability.console.queries.usage import Usage, usage
from observability.doctor.signals import used_as

WAY_NAMES = {
    "paas": _("Platform (Vercel, Neon)"),
    "vm": _("One machine"),
    "containers": _("Containers (ECS)"),
    "kubernetes": _("Kubernetes"),
}
KIND_NAMES = {"infrastructure": _("Infrastructure"), "tools": _("Tools"), "people": _("People")}
ADVICE = {
    "unknown": _("unknown while a price is missing"),
    "keep": _("below $100: stay; people who run it cost more"),
    "analyse": _("$100 to $500: look where it goes, reserve what runs all day"),
    "hybrid": _("$500 to $2,000: files from a CDN, the API in containers"),
    "own": _("above $2,000: running it yourself saves a third to a half"),
}


@dataclass(frozen=True)
class Column:
    """One load, and what each way costs for it. The first one is the installation as it is."""

    load: Load
    estimates: list[Estimate]
    is_now: bool


@dataclass(frozen=True)
class Cost:
    used: Usage
    prices: Prices
    columns: list[Column]
    break_even: dict[str, Any]

    @property
    def largest(self) -> float:
        return max((float(one.total) for column in self.columns for one in column.estimates), default=0) or 1.0

    def as_json(self) -> dict[str, Any]:
        now, *stages = self.columns
        hours = {way: None if value is None else str(value) for way, value in self.break_even.items()}
        return {
            "at": timezone.now().isoformat(),
            "currency": "USD",
            "per": "month",
            "needs": {name: str(value) for name, value in now.load.needs.items()},
            "now": [as_json(one) for one in now.estimates],
            "stages": [as_json(one) for column in stages for one in column.estimates],
            "break_even_hours": hours,
        }


def cost(path: Path | None = None) -> Cost:
    """In the operators' transaction. Raises prices.BadPrices, OSError."""
    prices = read(path or (Path(settings.PRICES_FILE) if settings.PRICES_FILE else None))
    used = usage(files=True)
    stored = used.database_bytes + used.files_bytes
    now = Load(used.people, used.operators, used.requests, stored, used_as(used.figures()))
    columns = [Column(load, estimates(load, prices), place == 0) for place, load in enumerate(loads(now))]
    return Cost(used, prices, columns, break_even(columns[0].estimates, prices))
