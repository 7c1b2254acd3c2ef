"""The list of what may be sent. What is not on it, or is of another kind, is dropped: no free text leaves."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

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


@dataclass(frozen=True)
class Field:
    """`allows` says which values leave, `says` tells people what it is."""

    allows: Kind
    says: Any


# A new field is a line here, in docs/airgap.md, and in the tests' list; the schema's number grows with it.
ALLOWED: Final[dict[str, Field]] = {
    "schema": Field(count, _("The number of this list")),
    "site": Field(shaped(r"[0-9a-f]{32}"), _("Tells sites apart, not which one it is; changes with the signing key")),
    "day": Field(shaped(r"\d{4}-\d\d-\d\d"), _("The day, in UTC")),
    "version": Field(shaped(r"\d{1,4}(\.\d{1,4}){0,3}"), _("Tika’s version")),
    "python": Field(shaped(r"\d\.\d{1,2}"), _("Python’s version")),
    "postgresql": Field(count, _("PostgreSQL’s version")),
    "fit_for": Field(one_of(*STAGES), _("The stage that the doctor finds it fit for")),
    "used_as": Field(one_of(*STAGES), _("The stage that it is used as")),
    "checks_ok": Field(count, _("The doctor’s checks that are in order")),
    "checks_warn": Field(count, _("The doctor’s checks that are worth a look")),
    "checks_unknown": Field(count, _("The doctor’s checks that nobody can answer")),
    "checks_fail": Field(count, _("The doctor’s checks that miss something")),
    "people": Field(count, _("Accounts, by their number’s size alone: 0, 1, 10, 100, …")),
    "workspaces": Field(count, _("Workspaces, in the same way")),
    "tickets": Field(count, _("Tickets, in the same way")),
    "requests_per_day": Field(count, _("Requests of people in a day, in the same way")),
    "errors_7d": Field(count, _("Groups of exceptions in 7 days, in the same way")),
    "least_budget": Field(share, _("What is left of the lowest error budget, as a share")),
}


def encode(values: Mapping[str, Any]) -> bytes:
    """The bytes that are shown and sent, and nothing else is."""
    kept = {name: value for name, value in values.items() if name in ALLOWED and ALLOWED[name].allows(value)}
    return json.dumps(kept, sort_keys=True, separators=(",", ":")).encode("ascii")


def magnitude(value: float) -> int:
    """0, 1, 10, 100, ...: how many there are about, so that a site is not known by its numbers."""
    return 10 ** (len(str(int(value))) - 1) if value >= 1 else 0
