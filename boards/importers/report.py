"""The report: what comes, what is there already, what is lost and why."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from boards.importers import sentences
from boards.importers.tally import Tally

KINDS = (
    "boards",
    "columns",
    "tickets",
    "checklists",
    "checklist_items",
    "comments",
    "labels",
    "members",
    "former_members",
    "attachments",
    "moves",
)


@dataclass(slots=True)
class Report:
    """Counts by kind. Archived columns and tickets are counted in `imported`, and once more in `archived`."""

    source: str
    file: str
    boards: list[dict[str, Any]] = field(default_factory=list)
    imported: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    archived: Counter[str] = field(default_factory=Counter)

    def stored(self, tally: Tally) -> dict[str, Any]:
        """As it is kept: codes and counts, no sentences."""
        return {
            "source": self.source,
            "file": self.file,
            "boards": self.boards,
            "imported": {kind: self.imported[kind] for kind in KINDS},
            "unchanged": {kind: self.unchanged[kind] for kind in KINDS},
            "archived": {kind: self.archived[kind] for kind in ("boards", "columns", "tickets")},
            "lost": [_line(key, count) for key, count in sorted(tally.lost.items())],
            "changed": [_line(key, count) for key, count in sorted(tally.changed.items())],
            "breaks": tally.breaks,
        }


def _line(key: tuple[str, str], count: int) -> dict[str, Any]:
    return {"kind": key[0], "code": key[1], "count": count}


def reconciled(stored: dict[str, Any], found: Counter[str]) -> dict[str, Any]:
    """With what the database holds beside what was expected."""
    counts = {kind: found[kind] for kind in KINDS}
    return {**stored, "reconciled": {"found": counts, "equal": stored["imported"] == counts}}


def told(stored: dict[str, Any]) -> dict[str, Any]:
    """The stored report with its sentences, in the active language and in its own order, which the database loses."""
    lines = {
        key: [
            {**line, "name": sentences.kind_name(line["kind"]), "reason": sentences.reason(line["code"])}
            for line in stored.get(key, [])
        ]
        for key in ("lost", "changed")
    }
    breaks = [{**found, "reason": sentences.break_sentence(found)} for found in stored.get("breaks", [])]
    counts = {key: {kind: stored[key].get(kind, 0) for kind in KINDS} for key in ("imported", "unchanged")}
    return {**stored, **counts, **lines, "breaks": breaks}


def refused(code: str, values: dict[str, Any]) -> dict[str, Any]:
    """The report of a file that is not imported at all."""
    nothing = dict.fromkeys(KINDS, 0)
    sentence = sentences.refusal(code, values)
    return {"imported": nothing, "unchanged": nothing, "lost": [], "refused": {"code": code, "reason": sentence}}
