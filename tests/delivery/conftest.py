"""One Docker Engine for all files of a run, with the base images and Tika's own image made in it once."""

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.delivery import bases
from tests.delivery.engine import Engine, start, stop
from tika.cli.environment import ROOT

IMAGE = "tika:test"


@contextmanager
def shared() -> Iterator[Path]:
    """A folder of this run, for one of its processes at a time."""
    folder = Path(os.environ.get("PYTEST_DEBUG_TEMPROOT") or tempfile.gettempdir())
    with (folder / "engine.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """Started by the first that asks for it, stopped by the last that has it."""
    with shared() as folder:
        state = folder / "engine.json"
        users, *about = json.loads(state.read_text()) if state.exists() else [0]
        made = Engine(*about) if users else start()
        about = [str(made.folder), made.address, made.namespace]
        state.write_text(json.dumps([users + 1, *about]))
    yield made
    with shared():
        left = json.loads(state.read_text())[0] - 1
        state.write_text(json.dumps([left, *about]))
        if not left:
            stop(made)


@pytest.fixture(scope="session")
def image(engine: Engine) -> str:
    """The name of Tika's image, built by its Dockerfile on bases made here."""
    with shared():
        if engine.docker("image", "inspect", IMAGE, check=False).returncode != 0:
            bases.make(engine)
            engine.build(
                ROOT, IMAGE, "--build-arg", f"PYTHON_IMAGE={bases.PYTHON}", "--build-arg", "TIKA_COMMIT=c0ffee"
            )
    return IMAGE
