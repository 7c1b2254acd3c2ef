"""From use and prices to what each way of running it costs a month. Pure; every total is the sum of its lines, to the
cent, and what has no price is named beside it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from observability.console.cost.prices import WAYS, Price, Prices
from observability.doctor.stages import Stage

CENT = Decimal("0.01")
DAYS = 30
# Measured (docs/performance.md, "one ticket"): seconds of a processor for an answer, PostgreSQL included.
ANSWER_SECONDS = 0.0032
# The busiest hour of a day has this share of its requests, and processors are planned to be half idle in it.
BUSIEST_HOUR, UTILISATION = 0.2, 0.5
# Measured there, too: 960 MB after load with two web processes, PostgreSQL included; rounded up to what is sold.
LEAST_MEMORY_GB, MEMORY_GB_PER_VCPU = 2, 2
LEAST_VCPUS = 2
# A copy in the database, and as much again in backups.
COPIES = 2
GB = 10**9
# Where nobody has used it for a day yet.
ASSUMED_REQUESTS, ASSUMED_BYTES = 200.0, 20 * 10**6
# The first number each of people and operators that the guide's words for a stage stand for, and its last one.
SCENARIOS: Final = {Stage.MVP: (5, 1), Stage.TEAM: (50, 3), Stage.SAAS: (1_000, 10), Stage.ENTERPRISE: (10_000, 50)}


@dataclass(frozen=True)
class Load:
    people: int
    operators: int
    requests_per_day: float
    stored_bytes: float
    stage: Stage

    @property
    def needs(self) -> dict[str, Decimal]:
        """How many of each unit a price may be for."""
        busiest = self.requests_per_day * BUSIEST_HOUR / 3600
        vcpus = max(LEAST_VCPUS, math.ceil(busiest * ANSWER_SECONDS / UTILISATION))
        requests = Decimal(str(self.requests_per_day)) * DAYS / 1_000_000
        return {
            "month": Decimal(1),
            "person": Decimal(self.people),
            "operator": Decimal(self.operators),
            "vcpu": Decimal(vcpus),
            "memory_gb": Decimal(max(LEAST_MEMORY_GB, vcpus * MEMORY_GB_PER_VCPU)),
            "storage_gb": Decimal(max(1, math.ceil(self.stored_bytes * COPIES / GB))),
            "million_requests": requests.quantize(Decimal("0.001")),
        }


@dataclass(frozen=True)
class Line:
    """`usd` is quantity times price; None where either is not known."""

    price: Price
    quantity: Decimal | None

    @property
    def usd(self) -> Decimal | None:
        if self.price.usd is None or self.quantity is None:
            return None
        return (self.price.usd * self.quantity).quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True)
class Estimate:
    way: str
    load: Load
    lines: tuple[Line, ...]

    @property
    def total(self) -> Decimal:
        """Of what has a price."""
        return self.of()

    def of(self, kind: str = "") -> Decimal:
        known = (line.usd for line in self.lines if kind in ("", line.price.kind))
        return sum((usd for usd in known if usd is not None), Decimal(0))

    @property
    def unpriced(self) -> list[Line]:
        return [line for line in self.lines if line.usd is None]

    @property
    def advice(self) -> str:
        """The guide's row for such a bill: keep, analyse, hybrid, own; "unknown" while a price of it is missing."""
        if any(line.price.kind != "people" for line in self.unpriced):
            return "unknown"
        bill = self.of("infrastructure") + self.of("tools")
        return next(word for limit, word in ADVICE if limit is None or bill < limit)


ADVICE: Final[tuple[tuple[int | None, str], ...]] = ((100, "keep"), (500, "analyse"), (2000, "hybrid"), (None, "own"))


def loads(now: Load) -> list[Load]:
    """What the installation uses, then each stage: as many people, each as busy as those here."""
    known = now.people > 0 and now.requests_per_day > 0
    requests = now.requests_per_day / now.people if known else ASSUMED_REQUESTS
    stored = max(now.stored_bytes / now.people if now.people else 0, ASSUMED_BYTES)
    return [
        now,
        *(
            Load(people, operators, people * requests, people * stored, stage)
            for stage, (people, operators) in SCENARIOS.items()
        ),
    ]


def estimate(load: Load, prices: Prices, way: str) -> Estimate:
    mine = [one for one in prices.all if way in one.ways and one.first <= load.stage <= one.last]
    needs = {**load.needs, "hour": prices.hours.get(way)}
    return Estimate(way, load, tuple(Line(one, needs[one.per]) for one in mine))


def estimates(load: Load, prices: Prices) -> list[Estimate]:
    return [estimate(load, prices, way) for way in WAYS]


def break_even(found: Sequence[Estimate], prices: Prices) -> dict[str, Decimal | None]:
    """{way: hours a month}: so many more hours than the platform's people may run it before it is the dearer one. None
    where a price is missing."""
    platform = next(one for one in found if one.way == "paas")
    hour = next((one.usd for one in prices.all if one.kind == "people" and one.usd), None)
    return {one.way: hours_of(platform, one, hour) for one in found if one.way != "paas"}


def hours_of(platform: Estimate, other: Estimate, hour: Decimal | None) -> Decimal | None:
    unknown = [line for one in (platform, other) for line in one.unpriced if line.price.kind != "people"]
    if unknown or not hour:
        return None
    saved = platform.of("infrastructure") + platform.of("tools") - other.of("infrastructure") - other.of("tools")
    return (saved / hour).quantize(Decimal("0.1"))


def as_json(one: Estimate) -> dict[str, Any]:
    return {
        "way": one.way,
        "stage": one.load.stage.name.lower(),
        "people": one.load.people,
        "total_usd": str(one.total),
        "infrastructure_usd": str(one.of("infrastructure")),
        "tools_usd": str(one.of("tools")),
        "people_usd": str(one.of("people")),
        "unpriced": [line.price.name for line in one.unpriced],
        "advice": one.advice,
        "lines": [line_json(line) for line in one.lines],
    }


def line_json(line: Line) -> dict[str, Any]:
    price = line.price
    return {
        "name": price.name,
        "kind": price.kind,
        "per": price.per,
        "quantity": None if line.quantity is None else str(line.quantity),
        "price_usd": None if price.usd is None else str(price.usd),
        "usd": None if line.usd is None else str(line.usd),
        "source": price.source,
        "date": price.date,
    }
