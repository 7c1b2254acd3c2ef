import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import replicas
from tests.cast import Scene, Workspace
from tests.live import servers


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("live")


@pytest.fixture(scope="package")
def live_process(folder: Path) -> Iterator[servers.Process]:
    process = servers.live(folder, port=servers.free_port())
    yield process
    process.stop()


@pytest.fixture(scope="package")
def live_port(live_process: servers.Process) -> int:
    """Its own address, as behind a proxy."""
    return live_process.port


@pytest.fixture(scope="package")
def web_port(folder: Path, live_process: servers.Process) -> Iterator[int]:
    """`web` itself, which hands event streams to that process."""
    process = servers.web(folder, servers.free_port())
    yield process.port
    process.stop()


@pytest.fixture(scope="package")
def port(request: pytest.FixtureRequest) -> int:
    """The one address of bin/run: `web`. Or a proxy before two of each."""
    proxied = os.environ.get(replicas.PORT)
    return int(proxied or request.getfixturevalue("web_port"))


@pytest.fixture
def board(workspace: Workspace) -> Scene:
    """Without tickets."""
    return workspace.board()
