"""The guide's four stages (section 1.1), with its names."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Stage(IntEnum):
    MVP = 1
    TEAM = 2
    SAAS = 3
    ENTERPRISE = 4

    @property
    def about(self) -> "About":
        return ABOUT[self]


@dataclass(frozen=True)
class About:
    """`people` is from how many people on the guide speaks of this stage; `means` its words on it."""

    name: Any
    people: int
    users: Any
    team: Any
    means: Any


# Dozens, hundreds, and more than thousands: the first number each of the guide's words stands for.
ABOUT = {
    Stage.MVP: About("MVP", 0, _("one or a few people"), _("a team of 1 or 2"), _("quick to try, one environment")),
    Stage.TEAM: About(
        _("Team"), 10, _("dozens of people"), _("a team of 3 to 10"), _("working together, expected to be there")
    ),
    Stage.SAAS: About(
        "SaaS", 100, _("hundreds to thousands"), _("a team of 10 to 50"), _("many workspaces, billing, an SLA")
    ),
    Stage.ENTERPRISE: About(
        _("Enterprise"), 10_000, _("large customers"), _("a team of 50 and more"), _("on-premises, compliance, audit")
    ),
}
