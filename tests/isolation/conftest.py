"""Two workspaces that have nothing to do with each other."""

import pytest

from tests.isolation.estate import Estate, furnished


@pytest.fixture(scope="module")
def mine() -> Estate:
    return furnished("Mine", mallory="OWNER")


@pytest.fixture(scope="module")
def theirs() -> Estate:
    return furnished("Theirs", zoe="OWNER")
