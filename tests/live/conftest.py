from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import servers
from tests.live.cast import Workspace, open_workspace


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("live")


@pytest.fixture(scope="package")
def live_port(folder: Path) -> Iterator[int]:
    """A `live` process with an address of its own, as behind a proxy."""
    port = servers.free_port()
    process = servers.live(folder, port=port)
    yield port
    process.stop()


@pytest.fixture(scope="package")
def port(folder: Path, live_port: int) -> Iterator[int]:
    """`web`, which hands event streams to that process: the one address of bin/run."""
    port = servers.free_port()
    process = servers.web(folder, port)
    yield port
    process.stop()


@pytest.fixture
def acme() -> Workspace:
    return open_workspace(olga="OWNER", mia="MEMBER", vic="VIEWER")


@pytest.fixture
def other() -> Workspace:
    return open_workspace(zoe="OWNER")
