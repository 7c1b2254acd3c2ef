"""The console's pages, in the order of its navigation. A new page is one line here and one in `urls.py`."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from audit.models.operator import Level


@dataclass(frozen=True)
class Place:
    """`name` is the address's name in the namespace `console`; `level` who may go there."""

    name: str
    label: Any
    icon: str
    level: str = Level.VIEWER


SECTIONS: tuple[tuple[Any, tuple[Place, ...]], ...] = (
    (
        _("Service"),
        (
            Place("overview", _("Overview"), "gauge"),
            Place("slos", _("Objectives"), "target"),
            Place("routes", _("Routes"), "heat"),
            Place("statements", _("Statements"), "database"),
        ),
    ),
    (
        _("Machinery"),
        (
            Place("jobs", _("Jobs"), "queue"),
            Place("processes", _("Processes"), "chip"),
            Place("sessions", _("Sessions"), "key"),
            Place("deploys", _("Deploys"), "rocket"),
        ),
    ),
    (
        _("Access"),
        (
            Place("operators", _("Operators"), "user"),
            Place("boards", _("Operators’ boards"), "columns"),
        ),
    ),
)
