"""Counts what an import loses, keeps in another form, or stumbles over."""

from collections import Counter
from dataclasses import dataclass, field


class Refused(Exception):
    """The file cannot be imported at all; `code` names the sentence in `boards.importers.sentences`."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values


@dataclass(slots=True)
class Tally:
    """Counters by (kind, code). `lost` is gone, `changed` is kept in another form; `breaks` are the places where a
    file stopped being readable."""

    lost: Counter[tuple[str, str]] = field(default_factory=Counter)
    changed: Counter[tuple[str, str]] = field(default_factory=Counter)
    breaks: list[dict[str, str | int]] = field(default_factory=list)

    def lose(self, kind: str, code: str, count: int = 1) -> None:
        if count > 0:
            self.lost[kind, code] += count

    def change(self, kind: str, code: str, count: int = 1) -> None:
        if count > 0:
            self.changed[kind, code] += count
