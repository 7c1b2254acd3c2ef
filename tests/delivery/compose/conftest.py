import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.delivery import bases
from tests.delivery.compose.stack import DOMAIN, OWNER, Api, Stack, released
from tests.delivery.engine import Engine


@pytest.fixture(scope="session")
def stack(engine: Engine, image: str) -> Iterator[Stack]:
    """Installed once, for all tests of this folder; its name is `tika`, as the folder's."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "tika"
        names = {"TIKA_DOMAIN": DOMAIN, "TIKA_ADMIN_EMAIL": OWNER, "TIKA_IMAGE": image}
        names |= {"POSTGRES_IMAGE": bases.POSTGRES, "CADDY_IMAGE": bases.CADDY}
        inherited = {key: value for key, value in engine.environ.items() if not key.startswith(("TIKA_", "DATABASE_"))}
        made = Stack(engine, released(folder), {**inherited, **names})
        try:
            made.transcript = made.install("--yes").stdout
            yield made
        finally:
            made.compose("down", "-v", "--timeout", "5", check=False)


@pytest.fixture(scope="session")
def api(stack: Stack) -> Api:
    return Api(stack, stack.token())
