"""Operators of each level, and people who are none."""

import pytest

from tests.cast import Person, make_operator


@pytest.fixture
def viewer() -> Person:
    return make_operator("viewer")


@pytest.fixture
def responder() -> Person:
    return make_operator("responder")


@pytest.fixture
def admin() -> Person:
    return make_operator("admin")
