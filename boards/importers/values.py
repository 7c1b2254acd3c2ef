"""Reading a stranger's JSON: whatever stands where a value should, what comes out is of the right type."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from boards.importers.tally import Tally

# PostgreSQL's text has no NUL; the other control characters only ever come from broken tools.
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
EARLIEST = datetime(1970, 1, 2, tzinfo=UTC)
LATEST = datetime(9999, 12, 30, tzinfo=UTC)


def clean(text: str) -> str:
    text = CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.encode("utf-8", "replace").decode("utf-8")


def one_line(text: str) -> str:
    return " ".join(text.split())


def cut(text: str, limit: int) -> str:
    """Shortened at a word where one ends near the limit."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    word = head.rfind(" ")
    return (head[:word] if word > limit * 2 // 3 else head).rstrip() + "…"


def moment(value: object) -> datetime | None:
    """An ISO 8601 time, in UTC; None for anything else, also for years no calendar here can show."""
    if not isinstance(value, str):
        return None
    try:
        found = datetime.fromisoformat(value)
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return found if EARLIEST <= found <= LATEST else None


class Fields:
    """An object's fields by type. What is there but of a wrong type is left out and counted."""

    def __init__(self, raw: dict[str, Any], kind: str, tally: Tally) -> None:
        self.raw = raw
        self._kind = kind
        self._tally = tally

    def text(self, key: str) -> str:
        value = self.raw.get(key)
        if isinstance(value, str):
            return clean(value)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return str(value)
        return str(self._wrong(value, ""))

    def line(self, key: str) -> str:
        return one_line(self.text(key))

    def ident(self, key: str) -> str:
        value = self.raw.get(key)
        return clean(value)[:64] if isinstance(value, str) else self._wrong(value, "")

    def number(self, key: str) -> float:
        value = self.raw.get(key)
        if isinstance(value, int | Decimal) and not isinstance(value, bool) and -1e300 < value < 1e300:
            return float(value)
        self._wrong(value, None)
        return 0.0

    def whole(self, key: str, most: int = 2**31 - 1) -> int | None:
        value = self.raw.get(key)
        if isinstance(value, int | Decimal) and not isinstance(value, bool) and 0 < value <= most:
            return int(value)
        return None

    def flag(self, key: str) -> bool:
        value = self.raw.get(key)
        return value if isinstance(value, bool) else self._wrong(value, False)

    def moment(self, key: str) -> datetime | None:
        value = self.raw.get(key)
        return moment(value) or self._wrong(value, None)

    def idents(self, key: str) -> list[str]:
        return [clean(value)[:64] for value in self._list(key) if isinstance(value, str)]

    def objects(self, key: str) -> Iterator[dict[str, Any]]:
        for value in self._list(key):
            if isinstance(value, dict):
                yield value
            else:
                self._wrong(value, None)

    def mapping(self, key: str) -> dict[str, Any]:
        value = self.raw.get(key)
        return value if isinstance(value, dict) else self._wrong(value, {})

    def _list(self, key: str) -> list[Any]:
        value = self.raw.get(key)
        return value if isinstance(value, list) else self._wrong(value, [])

    def _wrong(self, value: object, default: Any) -> Any:
        if value is not None and value != "":
            self._tally.lose(self._kind, "field_unreadable")
        return default
