"""What the changelog says breaks between two releases, and where one must stop on the way.

Under a version, `### Breaking` has a line for each thing; one that begins with "Stop:" says what must be done first:
another release in between, or the service stopped.
"""

import re
from dataclasses import dataclass
from pathlib import Path

VERSION = re.compile(r"^## (\d+)\.(\d+)\.(\d+)", re.M)
SECTION = re.compile(r"^### Breaking\n(.*?)(?=^#|\Z)", re.M | re.S)
ENTRY = re.compile(r"^- (.*?)(?=^- |\Z)", re.M | re.S)


@dataclass(frozen=True)
class Breaking:
    version: str
    text: str

    @property
    def is_stop(self) -> bool:
        return self.text.startswith("Stop:")


def between(changelog: Path, old: str, new: str) -> list[Breaking]:
    """Of the versions after `old`, up to `new`; newest first, as they stand there."""
    text = changelog.read_text(encoding="utf-8")
    heads = [*VERSION.finditer(text)]
    found = []
    for place, head in enumerate(heads):
        if not numbers(old) < tuple(map(int, head.groups())) <= numbers(new):
            continue
        end = heads[place + 1].start() if place + 1 < len(heads) else len(text)
        for section in SECTION.findall(text[head.end() : end]):
            found += [Breaking(".".join(head.groups()), " ".join(entry.split())) for entry in ENTRY.findall(section)]
    return found


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
