"""The list of what may be sent. What is not on it, or is of another kind, is dropped: no free text leaves."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final

SCHEMA = 1
STAGES = ("none", "mvp", "team", "saas", "enterprise")
Kind = Callable[[Any], bool]


def shaped(pattern: str) -> Kind:
    compiled = re.compile(pattern)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 10**9


def share(value: Any) -> bool:
    return isinstance(value, float) and -100.0 <= value <= 1.0


def one_of(*words: str) -> Kind:
    return lambda value: isinstance(value, str) and value in words


# A new field is a line here, in docs/airgap.md, and in the tests' list; the schema's number grows with it.
ALLOWED: Final[dict[str, Kind]] = {
    "schema": count,
    "site": shaped(r"[0-9a-f]{32}"),
    "day": shaped(r"\d{4}-\d\d-\d\d"),
    "version": shaped(r"\d{1,4}(\.\d{1,4}){0,3}"),
    "python": shaped(r"\d\.\d{1,2}"),
    "postgresql": count,
    "fit_for": one_of(*STAGES),
    "used_as": one_of(*STAGES),
    "checks_ok": count,
    "checks_warn": count,
    "checks_unknown": count,
    "checks_fail": count,
    "people": count,
    "workspaces": count,
    "tickets": count,
    "requests_per_day": count,
    "errors_7d": count,
    "least_budget": share,
}


def encode(values: Mapping[str, Any]) -> bytes:
    """The bytes that are shown and sent, and nothing else is."""
    kept = {name: value for name, value in values.items() if name in ALLOWED and ALLOWED[name](value)}
    return json.dumps(kept, sort_keys=True, separators=(",", ":")).encode("ascii")


def magnitude(value: float) -> int:
    """0, 1, 10, 100, ...: how many there are about, so that a site is not known by its numbers."""
    return 10 ** (len(str(int(value))) - 1) if value >= 1 else 0
