"""When does the next stage begin? The guide's signals (sections 1.1, 1.3, 3.2 and 10), measured where they can be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from observability.doctor.stages import Stage


@dataclass(frozen=True)
class Signal:
    """`figure` names what is counted, "" where only people can tell; it speaks from `threshold` on. `to` is the stage
    it leads to; `moves` says that the guide defines the stage by it, the others are hints."""

    to: Stage
    says: Any
    figure: str = ""
    threshold: float = 0
    moves: bool = False


@dataclass(frozen=True)
class Seen:
    """A signal beside what was counted; None is not known."""

    signal: Signal
    value: float | None

    @property
    def speaks(self) -> bool:
        return self.value is not None and self.value >= self.signal.threshold


SIGNALS = (
    Signal(Stage.TEAM, _("Dozens of people use it"), "people", Stage.TEAM.about.people, moves=True),
    Signal(Stage.TEAM, _("Exceptions were noted in the last 7 days"), "errors_7d", 1),
    Signal(
        Stage.TEAM,
        _("Versions were deployed in the last 30 days, while no pipeline reported a staging run"),
        "deploys_without_staging_30d",
        2,
    ),
    Signal(Stage.TEAM, _("Two or more people commit code at the same time")),
    Signal(Stage.TEAM, _("Somebody says: it worked yesterday")),
    Signal(Stage.SAAS, _("Hundreds of people use it"), "people", Stage.SAAS.about.people, moves=True),
    Signal(Stage.SAAS, _("Five or more people look after it: time for on-call"), "operators", 5),
    Signal(Stage.SAAS, _("A service level is promised to customers")),
    Signal(
        Stage.ENTERPRISE, _("More than thousands of people use it"), "people", Stage.ENTERPRISE.about.people, moves=True
    ),
    Signal(Stage.ENTERPRISE, _("More than a million requests a day"), "requests_per_day", 1_000_000),
    Signal(Stage.ENTERPRISE, _("A customer asks for on-premises, compliance or an audit")),
)


def used_as(figures: Mapping[str, float | None]) -> Stage:
    """The stage the installation is at by its use, whether it is fit for it or not."""
    reached = [one.signal.to for one in seen(figures) if one.signal.moves and one.speaks]
    return max(reached, default=Stage.MVP)


def seen(figures: Mapping[str, float | None], to: Stage | None = None) -> list[Seen]:
    return [Seen(one, figures.get(one.figure)) for one in SIGNALS if to in (None, one.to)]
