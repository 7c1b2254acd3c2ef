"""What the checks say together: which stage the installation is fit for, and what stands before the next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from observability.doctor.check import State
from observability.doctor.examine import Result
from observability.doctor.signals import Seen, seen, used_as
from observability.doctor.stages import Stage

# Of the command: the worst state among the checks of the stages that were asked for.
EXIT_CODES: Final = {State.OK: 0, State.WARN: 10, State.UNKNOWN: 10, State.FAIL: 20}


@dataclass(frozen=True)
class Standing:
    """How one stage stands: `results` of its own checks, `is_fit` with those of the stages before it."""

    stage: Stage
    results: list[Result]
    is_fit: bool

    @property
    def passed(self) -> int:
        return sum(one.state.is_good_enough for one in self.results)

    @property
    def share(self) -> float:
        return self.passed / len(self.results) if self.results else 1.0

    @property
    def by_state(self) -> list[Result]:
        """The worst first."""
        order = (State.FAIL, State.UNKNOWN, State.WARN, State.OK)
        return sorted(self.results, key=lambda one: order.index(one.state))

    @property
    def open(self) -> list[Result]:
        return [one for one in self.results if not one.state.is_good_enough]


@dataclass(frozen=True)
class Report:
    """`figures` by name (see `signals`), as they were counted."""

    results: Sequence[Result]
    figures: Mapping[str, float | None]
    version: str
    at: datetime

    @property
    def standings(self) -> list[Standing]:
        found, fit = [], True
        for stage in Stage:
            mine = [one for one in self.results if one.check.stage == stage]
            fit = fit and all(one.state.is_good_enough for one in mine)
            found.append(Standing(stage, mine, fit))
        return found

    @property
    def fit_for(self) -> Stage | None:
        """None where not even the first stage's checks hold."""
        return max((one.stage for one in self.standings if one.is_fit), default=None)

    @property
    def used_as(self) -> Stage:
        return used_as(self.figures)

    @property
    def next_stage(self) -> Stage | None:
        fit = self.fit_for
        return Stage.MVP if fit is None else None if fit is Stage.ENTERPRISE else Stage(fit + 1)

    @property
    def obstacles(self) -> list[Result]:
        """What stands before the next stage, the missing before the unknown."""
        if self.next_stage is None:
            return []
        return sorted(self.standings[self.next_stage - 1].open, key=lambda one: one.state is not State.FAIL)

    @property
    def signals(self) -> list[Seen]:
        """Those that lead on from the stage the installation is used as."""
        here = self.used_as
        return [] if here is Stage.ENTERPRISE else seen(self.figures, Stage(here + 1))

    def exit_code(self, up_to: Stage) -> int:
        return max((EXIT_CODES[one.state] for one in self.results if one.check.stage <= up_to), default=0)

    def as_json(self, up_to: Stage = Stage.ENTERPRISE) -> dict[str, Any]:
        """{"at", "version", "fit_for", "used_as", "stages", "signals", "checks"}; texts in the language in force."""
        return {
            "at": self.at.isoformat(),
            "version": self.version,
            "fit_for": self.fit_for.name.lower() if self.fit_for else None,
            "used_as": self.used_as.name.lower(),
            "stages": [stage_json(one) for one in self.standings],
            "signals": [signal_json(one) for one in self.signals],
            "checks": [result_json(one) for one in self.results if one.check.stage <= up_to],
        }


def stage_json(one: Standing) -> dict[str, Any]:
    about = one.stage.about
    counts = {"passed": one.passed, "total": len(one.results), "fit": one.is_fit}
    return {"number": int(one.stage), "stage": one.stage.name.lower(), "name": str(about.name), **counts}


def signal_json(one: Seen) -> dict[str, Any]:
    signal = one.signal
    counted = {"figure": signal.figure, "value": one.value, "threshold": signal.threshold} if signal.figure else {}
    return {"to": signal.to.name.lower(), "signal": str(signal.says), "speaks": one.speaks, **counted}


def result_json(one: Result) -> dict[str, Any]:
    return {
        "key": one.check.key,
        "stage": one.check.stage.name.lower(),
        "title": str(one.check.title),
        "looks_at": str(one.check.looks_at),
        "state": str(one.state),
        "evidence": one.finding.evidence,
        "advice": one.finding.advice,
        "remedy": one.finding.remedy,
        "at": one.at.isoformat(),
        "ms": round(one.milliseconds, 1),
    }
