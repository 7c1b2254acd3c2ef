"""Which checks there are. A new one is one function with `@check` in its app's `doctor.py`."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from observability.doctor.check import LIMIT, Check, Finding, unknown
from observability.doctor.stages import Stage

Ask = Callable[[], Finding]
known: dict[str, Check] = {}


def check(key: str, stage: Stage, title: Any, looks_at: Any, *, limit: float = LIMIT) -> Callable[[Ask], Ask]:
    """Registers the function. Raises ValueError where the key stands for another function already."""

    def register(ask: Ask) -> Ask:
        add(Check(key, stage, title, looks_at, ask, limit))
        return ask

    return register


def add(one: Check) -> None:
    """A check that is built takes the place of an announcement, in whichever order they come."""
    there = known.get(one.key)
    if there is not None and there.is_built and one.is_built and there.ask is not one.ask:
        raise ValueError(f"There are two checks {one.key!r}")
    if there is None or one.is_built:
        known[one.key] = one


def announce(key: str, stage: Stage, title: Any, looks_at: Any, *, remedy: str, advice: Any) -> None:
    """What the guide demands and Tika has no part for yet: honest about that, with what to do meanwhile."""

    def ask() -> Finding:
        return unknown(_("Not built in yet"), remedy, advice)

    add(replace(Check(key, stage, title, looks_at, ask), is_built=False))


def checks() -> list[Check]:
    """By stage, and within it in the order they came."""
    return sorted(known.values(), key=lambda one: one.stage)
