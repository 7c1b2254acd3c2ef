"""The console's pages, in the order of its navigation. A new page is one line here and one in `urls.py`."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from audit.models.operator import Level


@dataclass(frozen=True)
class Place:
    """`name` is the address's name, in the namespace `console` where it says no other; `level` who may go there."""

    name: str
    label: Any
    icon: str
    level: str = Level.VIEWER

    @property
    def url(self) -> str:
        return reverse(self.name if ":" in self.name else f"console:{self.name}")


SECTIONS: tuple[tuple[Any, tuple[Place, ...]], ...] = (
    (
        _("Service"),
        (
            Place("overview", _("Overview"), "gauge"),
            Place("doctor", _("Doctor"), "doctor"),
            Place("slos", _("Objectives"), "target"),
            Place("gate", _("Deploy gate"), "lock"),
            Place("agreements", _("Agreements"), "table"),
            Place("maintenance", _("Maintenance"), "calendar"),
            Place("routes", _("Routes"), "heat"),
            Place("statements", _("Statements"), "database"),
            Place("errors", _("Errors"), "bug"),
        ),
    ),
    (
        _("Machinery"),
        (
            Place("jobs", _("Jobs"), "queue"),
            Place("processes", _("Processes"), "chip"),
            Place("sessions", _("Sessions"), "key"),
            Place("cost", _("Cost"), "coin"),
            Place("deploys", _("Deploys"), "rocket"),
            Place("backups", _("Backups"), "database"),
            Place("telemetry", _("Telemetry"), "outbox"),
            Place("log-levels", _("Log levels"), "sliders"),
        ),
    ),
    (
        _("Access"),
        (
            Place("operators", _("Operators"), "user"),
            Place("boards", _("Operators’ boards"), "columns"),
            Place("admin:index", _("Records"), "table", Level.ADMIN),
        ),
    ),
)
