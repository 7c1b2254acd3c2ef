"""What the tests of the service level share."""

from collections.abc import Iterator

import pytest

from tests.cast import connect


@pytest.fixture
def alone() -> Iterator[None]:
    """An override holds for the whole installation: while one test asks for some, none beside it does."""
    with connect("superuser") as turn:
        turn.execute("SELECT pg_advisory_lock(hashtext('tests of overrides'))")
        yield
