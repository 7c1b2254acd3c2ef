"""Objectives and alert windows as typed values, read from one file that refuses what it cannot mean."""

from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings

from observability.slo.edges import EDGES_MS
from observability.slo.toml_lines import Place, Refused, places_of

FILE = Path(__file__).with_name("objectives.toml")
# What is counted; the second word says whether a threshold belongs to it, and where it may lie.
INDICATORS: dict[str, str] = {
    "availability": "",
    "error_rate": "",
    "api_latency": "edge",
    "page_load": "any",
    "sync_lag": "any",
    "restore_freshness": "",
}
Kind = TypeVar("Kind")
SEVERITIES = ("page", "ticket")


@dataclass(frozen=True)
class Objective:
    name: str
    indicator: str
    target: float  # share of valid events, between 0 and 1
    window_days: int
    threshold_ms: int = 0
    gates_deploys: bool = False
    per_tenant: bool = False
    absent_after_minutes: int = 0  # 0: silence is not news

    @property
    def budget(self) -> float:
        """The share of valid events that may be bad."""
        return 1 - self.target


@dataclass(frozen=True)
class Window:
    name: str
    severity: str
    factor: float
    long_minutes: int
    short_minutes: int
    minimum_bad: int


@dataclass(frozen=True)
class Policy:
    features_stop_below: float
    blind_after_minutes: int
    probe_below_per_hour: int


@dataclass(frozen=True)
class Promise:
    availability: float
    error_rate: float = 0.0


@dataclass(frozen=True)
class Objectives:
    all: tuple[Objective, ...]
    windows: tuple[Window, ...]
    policy: Policy
    agreement: Promise
    baseline: Promise

    def named(self, name: str) -> Objective:
        """Raises KeyError."""
        return {objective.name: objective for objective in self.all}[name]

    @property
    def gating(self) -> list[Objective]:
        return [objective for objective in self.all if objective.gates_deploys]


@cache
def objectives() -> Objectives:
    """The installation's own where TIKA_OBJECTIVES names a file, else Tika's. Raises Refused, OSError."""
    file = Path(settings.OBJECTIVES_FILE or FILE)
    return parse(file.read_text(encoding="utf-8"), file.name)


def parse(text: str, name: str = "objectives.toml") -> Objectives:
    """Raises Refused with file, line and reason."""
    places = places_of(text, name)
    single, several = ("policy", "agreement", "baseline"), ("objective", "window")
    for place in places:
        if place.table not in single + several:
            place.refuse("", f"there is no table {place.table!r} here; there are {', '.join(single + several)}")
    found = {table: [place for place in places if place.table == table] for table in single + several}
    for table in single + several:
        if not found[table]:
            raise Refused(f"{name}: the table {table!r} is missing")
    return Objectives(
        all=once(found["objective"], objective_of),
        windows=once(found["window"], window_of),
        policy=typed(Policy, found["policy"][0]),
        agreement=promise_of(found["agreement"][0]),
        baseline=promise_of(found["baseline"][0]),
    )


def once(places: list[Place], make: Callable[[Place], Any]) -> tuple[Any, ...]:
    made: dict[str, Any] = {}
    for place in places:
        value = make(place)
        if value.name in made:
            place.refuse("name", f"{value.name!r} stands here a second time")
        made[value.name] = value
    return tuple(made.values())


def objective_of(place: Place) -> Objective:
    made = typed(Objective, place)
    check_share(place, "target", made.target)
    if made.indicator not in INDICATORS:
        place.refuse("indicator", f"{made.indicator!r} is not counted; there are {', '.join(INDICATORS)}")
    wanted = INDICATORS[made.indicator]
    if bool(wanted) != bool(made.threshold_ms):
        place.refuse("threshold_ms", f"{made.indicator!r} {'needs a' if wanted else 'has no'} threshold")
    if wanted == "edge" and made.threshold_ms not in EDGES_MS:
        edges = ", ".join(str(edge) for edge in EDGES_MS)
        place.refuse("threshold_ms", f"{made.threshold_ms} is no edge of the buckets ({edges}), so it would be a guess")
    if not 1 <= made.window_days <= 31:
        place.refuse("window_days", "the minutes are kept for 35 days: use 1 to 31")
    return made


def window_of(place: Place) -> Window:
    made = typed(Window, place)
    if made.severity not in SEVERITIES:
        place.refuse("severity", f"{made.severity!r} is neither page nor ticket")
    if made.factor <= 0:
        place.refuse("factor", "must be above 0")
    if not 0 < made.short_minutes < made.long_minutes:
        place.refuse("short_minutes", "must be shorter than the long window, and not empty")
    return made


def promise_of(place: Place) -> Promise:
    made = typed(Promise, place)
    for field in place.values:
        check_share(place, field, getattr(made, field))
    return made


def check_share(place: Place, key: str, value: float) -> None:
    if value >= 1:
        place.refuse(key, f"{value} leaves nothing that may fail, so no change could ever be deployed; use less than 1")
    if value <= 0:
        place.refuse(key, f"{value} promises nothing; use more than 0, as in 0.999")


def typed(kind: type[Kind], place: Place) -> Kind:
    """A dataclass from a table's values: no key too many, none missing, each of its type."""
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    for key, value in place.values.items():
        if key not in known:
            place.refuse(key, f"there is no {key!r} here; there are {', '.join(known)}")
        wanted = known[key].type
        if wanted is float and type(value) is int:
            continue
        if type(value) is not wanted:
            place.refuse(key, f"{value!r} is not of type {getattr(wanted, '__name__', wanted)}")
    for key, field in known.items():
        if field.default is MISSING and key not in place.values:
            place.refuse("", f"{key!r} is missing")
    return kind(**place.values)
