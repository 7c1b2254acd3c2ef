"""Files that other people's tools wrote. They belong to others: they lie beside the project and are no part of it."""

import os
from pathlib import Path

import pytest

from tika.cli.environment import ROOT

FOLDER = Path(os.environ.get("TIKA_TEST_DATA") or ROOT.parent / "shared" / "data")


def captured(name: str) -> Path:
    """A file or folder of them. A clone has none, and then says so in the summary and goes on with files of its own."""
    path = FOLDER / name
    if not path.exists():
        pytest.skip(f"{name} is not here: put the captured files into {FOLDER}, or name their folder in TIKA_TEST_DATA")
    return path
