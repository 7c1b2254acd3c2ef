"""One check, and what it may answer."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from observability.doctor.stages import Stage

# Seconds a check may take before it counts as not known.
LIMIT = 3.0


class State(StrEnum):
    OK = "ok"
    WARN = "warn"
    UNKNOWN = "unknown"
    FAIL = "fail"

    @property
    def word(self) -> Any:
        return WORDS[self]

    @property
    def is_good_enough(self) -> bool:
        """A warning asks for a look and keeps nobody from the stage; what nobody knows does."""
        return self in (State.OK, State.WARN)


WORDS = {
    State.OK: _("In order"),
    State.WARN: _("Worth a look"),
    State.UNKNOWN: _("Not known"),
    State.FAIL: _("Missing"),
}


@dataclass(frozen=True)
class Finding:
    """`evidence` is a fact with its figure and time, `advice` a sentence, `remedy` the command or the setting that
    mends it, word for word, the same in every language."""

    state: State
    evidence: str
    remedy: str = ""
    advice: str = ""


@dataclass(frozen=True)
class Check:
    """`key` is "<topic>.<what>" and never changes; `looks_at` says in words what `ask` asks; `limit` in seconds.

    `ask` runs in a thread and on a database connection of its own, outside of any transaction; whatever it raises makes
    the check "unknown".
    """

    key: str
    stage: Stage
    title: Any
    looks_at: Any
    ask: Callable[[], Finding]
    limit: float = LIMIT
    is_built: bool = True


def ok(evidence: Any, **more: Any) -> Finding:
    return Finding(State.OK, str(evidence), **more)


def warn(evidence: Any, remedy: str, advice: Any = "") -> Finding:
    return Finding(State.WARN, str(evidence), remedy, str(advice))


def fail(evidence: Any, remedy: str, advice: Any = "") -> Finding:
    return Finding(State.FAIL, str(evidence), remedy, str(advice))


def unknown(evidence: Any, remedy: str = "", advice: Any = "") -> Finding:
    return Finding(State.UNKNOWN, str(evidence), remedy, str(advice))
