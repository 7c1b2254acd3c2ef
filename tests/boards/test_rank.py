"""Keys of order: whatever is put where, there is a key for it, and keys sort as the places do."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boards.rank import DIGITS, LEAST, LONG, LOWEST, between, evenly, step, whole_part
from tests.cast import run_sql

# Where each of many newcomers goes: 0.0 is the front, 1.0 the end.
PLACES = st.lists(st.floats(0, 1), min_size=1, max_size=120)
WHOLE = st.integers(0, 25).flatmap(
    lambda length: st.builds(
        lambda up, digits: (chr(ord("a") + length) if up else chr(ord("Z") - length)) + digits,
        st.booleans(),
        st.text(DIGITS, min_size=length + 1, max_size=length + 1),
    )
)
KEYS = st.builds(lambda whole, fraction: whole + fraction.rstrip(LOWEST), WHOLE, st.text(DIGITS, max_size=12)).filter(
    lambda key: key != LEAST
)


def put(keys: list[str], place: float) -> str:
    """A key of its own at that place among `keys`, which stay in order."""
    index = round(place * len(keys))
    key = between(keys[index - 1] if index else None, keys[index] if index < len(keys) else None)
    keys.insert(index, key)
    return key


@given(PLACES)
def test_keys_stand_in_the_order_of_their_places(places: list[float]) -> None:
    keys: list[str] = []
    for place in places:
        put(keys, place)
    assert all(low < high for low, high in pairwise(keys))


@given(KEYS, KEYS)
@settings(max_examples=500)
def test_there_is_a_key_between_any_two(one: str, other: str) -> None:
    low, high = sorted([one, other])
    if low == high:
        with pytest.raises(ValueError, match="no key between"):
            between(low, high)
    else:
        assert low < between(low, high) < high


@given(KEYS)
@settings(max_examples=200)
def test_there_is_always_a_key_before_and_after(key: str) -> None:
    assert between(None, key) < key < between(key, None)


@given(PLACES)
def test_no_fraction_ends_in_the_lowest_digit_below_which_there_is_no_room(places: list[float]) -> None:
    keys: list[str] = []
    for key in [put(keys, place) for place in places]:
        assert not key[len(whole_part(key)) :].endswith(LOWEST)


@given(KEYS, KEYS)
def test_bounds_in_the_wrong_order_are_refused(one: str, other: str) -> None:
    low, high = sorted([one, other])
    with pytest.raises(ValueError, match="no key between"):
        between(high, low)


def test_ten_thousand_at_the_end_or_at_the_front_take_four_characters() -> None:
    assert max(len(key) for key in evenly(10_000)) <= 4
    key = between(None, None)
    for _ in range(10_000):
        key = between(None, key)
    assert len(key) <= 4


@given(st.integers(0, 300), st.none() | KEYS)
def test_evenly_is_in_order_and_above_what_it_follows(count: int, after: str | None) -> None:
    keys = evenly(count, after)
    assert len(keys) == count
    assert all(low < high for low, high in pairwise([after or "", *keys]))


def test_the_outermost_whole_parts_have_no_next_one() -> None:
    top = "z" * 27
    assert step(top, up=True) is None
    assert between(top, None) > top
    assert step(LEAST, up=False) is None


def test_the_lowest_key_is_never_given_out() -> None:
    high = LEAST[:-1] + DIGITS[1]
    for _ in range(100):
        low = between(None, high)
        assert LEAST < low < high
        high = low


def test_always_in_between_grows_a_key_by_a_character_for_five_inserts() -> None:
    low, high = evenly(2)
    for count in range(5 * LONG):
        high = between(low, high)
        assert len(high) <= 4 + count // 5


@given(st.lists(KEYS, min_size=2, max_size=40, unique=True))
@settings(max_examples=20)
def test_postgresql_sorts_keys_as_python_does(keys: list[str]) -> None:
    rows = run_sql('SELECT key FROM unnest(%s::text[]) AS key ORDER BY key COLLATE "C"', [keys])
    assert [row[0] for row in rows] == sorted(keys)
