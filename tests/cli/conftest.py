from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.running import Running


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tika")


@pytest.fixture(scope="module")
def tika(folder: Path) -> Iterator[Running]:
    """One installation for all tests of a file."""
    running = Running(folder, "--no-demo").ready()
    yield running
    running.stop()
