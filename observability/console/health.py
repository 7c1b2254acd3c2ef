"""Health as a value with an order: what nobody knows is worse than fine and better than broken."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Health(IntEnum):
    OK = 0
    UNKNOWN = 1
    DEGRADED = 2
    DOWN = 3

    @property
    def word(self) -> Any:
        return WORDS[self]

    @property
    def css(self) -> str:
        return self.name.lower()


WORDS = {
    Health.OK: _("Healthy"),
    Health.UNKNOWN: _("Unknown"),
    Health.DEGRADED: _("Degraded"),
    Health.DOWN: _("Down"),
}


@dataclass(frozen=True)
class Component:
    """`says` is a sentence with figures, `advice` what to do where it is not well; `page` the console's page on it."""

    name: str
    label: Any
    health: Health
    says: str
    advice: str = ""
    page: str = ""


def worst(components: Iterable[Component]) -> Health:
    return max((component.health for component in components), default=Health.UNKNOWN)
