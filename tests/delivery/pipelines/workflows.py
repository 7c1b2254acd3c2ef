"""The workflows as data, and the scripts they call."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tika.cli.environment import ROOT

FOLDER = ROOT / ".github" / "workflows"
PIPELINE = ROOT / "deploy" / "pipeline"
PATHS = sorted(FOLDER.glob("*.yml"))
Told = dict[Any, Any]
# A script of ours in a command: bin/check, sh deploy/pipeline/build.sh, python3 deploy/pipeline/smoke.py.
SCRIPT = re.compile(r"(?<![\w/.-])((?:bin|deploy)/[\w./-]+)")


def read(path: Path) -> Told:
    found: Told = yaml.safe_load(path.read_text())
    return found


def triggers(workflow: Told) -> Told:
    # YAML 1.1 reads `on` as true.
    found = workflow[True]
    return found if isinstance(found, dict) else dict.fromkeys([found] if isinstance(found, str) else found)


def jobs() -> Iterator[tuple[str, Told]]:
    for path in PATHS:
        for name, job in read(path)["jobs"].items():
            yield f"{path.name}: {name}", job


def steps() -> Iterator[tuple[str, Told]]:
    for name, job in jobs():
        for step in job.get("steps", []):
            yield name, step


def tool(name: str) -> str:
    """A program of the environment these tests run in."""
    return str(Path(sys.executable).with_name(name))
