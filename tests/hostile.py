"""Texts and files that break programs, as others have collected them; none where the captured files are missing.

`payloads` are lists of attacks, named after them; `json-suite` is what a parser must read (`y`), must refuse (`n`) or
may do either with (`i`); `blns.json` are naughty strings, `confusables.json` characters that look alike.
"""

import json
from pathlib import Path

from tests.captured import FOLDER

COLLECTED = FOLDER / "hostile"
FILES = sorted((COLLECTED / "payloads").glob("*"))
JSON_SUITE = sorted((COLLECTED / "json-suite").glob("*"))
SVG = [path for path in FILES if path.suffix == ".svg"]


def lines_of(path: Path) -> list[str]:
    return path.read_bytes().decode("utf-8", "replace").splitlines()


def texts() -> list[str]:
    """Every naughty string, every line of every list, and the look-alikes."""
    if not COLLECTED.exists():
        return []
    naughty: list[str] = json.loads((COLLECTED / "blns.json").read_text(encoding="utf-8"))
    confusable = "".join(json.loads((COLLECTED / "confusables.json").read_text(encoding="utf-8")))
    found = naughty + [line for path in FILES for line in lines_of(path)]
    found += [confusable[start : start + 200] for start in range(0, len(confusable), 200)]
    return list(dict.fromkeys(found))
