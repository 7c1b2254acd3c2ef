"""Prices, as the file has them: each with its source; one that is not there is not made up."""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

WAYS: Final = ("paas", "vm", "containers", "kubernetes")
KINDS: Final = ("infrastructure", "tools", "people")
PER: Final = ("month", "person", "operator", "vcpu", "memory_gb", "storage_gb", "million_requests", "hour")
OURS = Path(__file__).with_name("prices.toml")
FIELDS = {"name", "kind", "per", "usd", "ways", "from", "to", "source", "date"}


class BadPrices(ValueError):
    """A sentence that says where the file is wrong."""


@dataclass(frozen=True)
class Price:
    """`usd` a month for one of `per`; None where nobody has filled it in."""

    name: str
    kind: str
    per: str
    ways: tuple[str, ...]
    first: int
    last: int
    usd: Decimal | None
    source: str
    date: str


@dataclass(frozen=True)
class Prices:
    all: tuple[Price, ...]
    hours: dict[str, Decimal]


def read(path: Path | None = None) -> Prices:
    """Raises BadPrices, OSError."""
    try:
        found = tomllib.loads((path or OURS).read_text(encoding="utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadPrices(f"{path or OURS}: {error}") from error
    hours = found.get("hours", {})
    if unknown := set(hours) - set(WAYS):
        raise BadPrices(f"[hours] has {sorted(unknown)[0]!r}: it must be one of {', '.join(WAYS)}.")
    return Prices(
        tuple(price_of(one, place) for place, one in enumerate(found.get("price", []), start=1)),
        {way: amount(value, f"[hours] {way}") for way, value in hours.items()},
    )


def price_of(one: dict[str, Any], place: int) -> Price:
    where = f"[[price]] {place} ({one.get('name', 'without a name')})"
    if unknown := set(one) - FIELDS:
        raise BadPrices(f"{where} has {sorted(unknown)[0]!r}, which is no field.")
    for name, words in (("kind", KINDS), ("per", PER)):
        if one.get(name) not in words:
            raise BadPrices(f"{where}: {name} is {one.get(name)!r}; it must be one of {', '.join(words)}.")
    if set(one.get("ways", [])) - set(WAYS) or not one.get("ways"):
        raise BadPrices(f"{where}: ways must be some of {', '.join(WAYS)}.")
    if not one.get("source"):
        raise BadPrices(f"{where} names no source: say where the price is from.")
    if "usd" in one and not one.get("date"):
        raise BadPrices(f"{where} has no date: say when the price was true.")
    usd = amount(one["usd"], where) if "usd" in one else None
    first, last = one.get("from", 1), one.get("to", 4)
    date = str(one.get("date", ""))
    return Price(one["name"], one["kind"], one["per"], tuple(one["ways"]), first, last, usd, one["source"], date)


def amount(value: Any, where: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or value < 0:
        raise BadPrices(f"{where}: {value!r} is no amount; write a number that is not below 0.")
    return Decimal(value)
