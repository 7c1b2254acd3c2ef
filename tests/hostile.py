"""The collected texts and files of tests/payloads/hostile; its README says where they come from."""

import json
from pathlib import Path

FOLDER = Path(__file__).with_name("payloads") / "hostile"
FILES = sorted((FOLDER / "payloads").iterdir())
JSON_SUITE = sorted((FOLDER / "json-suite").iterdir())
SVG = [path for path in FILES if path.suffix == ".svg"]


def lines_of(path: Path) -> list[str]:
    return path.read_bytes().decode("utf-8", "replace").splitlines()


def texts() -> list[str]:
    """Every naughty string, every line of every list, and the look-alikes."""
    naughty: list[str] = json.loads((FOLDER / "blns.json").read_text(encoding="utf-8"))
    confusable = "".join(json.loads((FOLDER / "confusables.json").read_text(encoding="utf-8")))
    found = naughty + [line for path in FILES for line in lines_of(path)]
    found += [confusable[start : start + 200] for start in range(0, len(confusable), 200)]
    return list(dict.fromkeys(found))
