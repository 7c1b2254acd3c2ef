"""Fourteen outages by a simulated clock: each alert fires when the arithmetic says, and ends soon after."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observability.slo.budget import Counts, burn_rate, remaining, total
from observability.slo.burn import MINUTE, can_fire, is_absent, judge, within
from observability.slo.objective import objectives

START = datetime(2026, 3, 2, tzinfo=UTC)
EVALUATION = timedelta(seconds=30)
PER_SECOND = 100
WINDOWS = {window.name: window for window in objectives().windows}
AVAILABILITY = objectives().named("availability")
# (window, share of failing requests): minutes to fire are factor * (1 - target) * long / share.
VECTORS = [
    ("fast", 1.0, 0.864),
    ("fast", 0.10, 8.64),
    ("fast", 0.05, 17.28),
    ("fast", 0.02, 43.2),
    ("steady", 1.0, 2.16),
    ("steady", 0.10, 21.6),
    ("steady", 0.01, 216.0),
    ("steady", 0.008, 270.0),
    ("day", 1.0, 4.32),
    ("day", 0.01, 432.0),
    ("day", 0.005, 864.0),
    ("slow", 1.0, 4.32),
    ("slow", 0.005, 864.0),
    ("slow", 0.002, 2160.0),
]


def traffic(
    until: datetime, outage: datetime, recovery: datetime, share: float, back: timedelta
) -> list[tuple[datetime, Counts]]:
    """Minutes as they are counted by `until`: even traffic, of which `share` fails from outage to recovery."""
    rows = []
    minute = (until - back).replace(second=0, microsecond=0) - MINUTE
    while minute <= until:
        end = min(minute + MINUTE, until)
        failing = max((min(end, recovery) - max(minute, outage)).total_seconds(), 0.0) * PER_SECOND * share
        valid = (end - minute).total_seconds() * PER_SECOND
        rows.append((minute, Counts(valid - failing, valid)))
        minute += MINUTE
    return rows


@pytest.mark.parametrize(("name", "share", "minutes"), VECTORS)
def test_it_fires_in_time_and_ends_in_time(name: str, share: float, minutes: float) -> None:
    window = WINDOWS[name]
    long, short = timedelta(minutes=window.long_minutes), timedelta(minutes=window.short_minutes)
    # The short window must burn too, and it takes its own time.
    predicted = timedelta(minutes=minutes)
    assert minutes == pytest.approx(window.factor * AVAILABILITY.budget * window.long_minutes / share)
    recovery = START + predicted + timedelta(minutes=3)

    def fires(at: datetime) -> bool:
        rows = traffic(at, START, recovery, share, long)
        return judge(AVAILABILITY, window, within(rows, at, long), within(rows, at, short)).fires

    first = START + max(predicted - 2 * MINUTE, timedelta())
    at = first
    while not fires(at):
        at += EVALUATION
    assert first <= at
    assert abs(at - (START + predicted)) <= EVALUATION, at - START - predicted
    assert not fires(recovery + short + MINUTE)


def test_one_failure_among_forty_two_requests_wakes_nobody() -> None:
    hour = Counts(41, 42)
    assert burn_rate(hour, 0.999) == pytest.approx(23.8, abs=0.01)
    assert not judge(AVAILABILITY, WINDOWS["fast"], hour, Counts(3, 4)).fires
    assert judge(AVAILABILITY, WINDOWS["fast"], Counts(37, 42), Counts(3, 4)).fires


def test_a_short_past_burst_does_not_fire_once_it_is_over() -> None:
    assert not judge(AVAILABILITY, WINDOWS["fast"], Counts(9000, 10000), Counts(1000, 1000)).fires


def test_no_data_is_neither_good_nor_bad() -> None:
    assert remaining(Counts(), 0.999) is None
    assert burn_rate(Counts(), 0.999) is None
    verdict = judge(AVAILABILITY, WINDOWS["fast"], Counts(), Counts())
    assert (verdict.fires, verdict.burn_long, verdict.burn_short) == (False, None, None)


def test_silence_is_news_of_its_own_where_somebody_should_be_heard() -> None:
    assert is_absent(AVAILABILITY, START, START - timedelta(minutes=11))
    assert not is_absent(AVAILABILITY, START, START - timedelta(minutes=9))
    assert not is_absent(AVAILABILITY, START, None), "nothing was ever counted: the installation is new"
    assert not is_absent(objectives().named("page_load"), START, START - timedelta(days=3))


def test_a_loose_target_has_no_alert_that_could_never_fire() -> None:
    page_load = objectives().named("page_load")
    assert [window.name for window in objectives().windows if can_fire(page_load, window)] == ["day", "slow"]


def test_the_budget_is_the_guides_arithmetic() -> None:
    """A million requests at 99.9 %: a thousand may fail."""
    assert remaining(Counts(1_000_000, 1_000_000), 0.999) == 1
    assert remaining(Counts(999_200, 1_000_000), 0.999) == pytest.approx(0.2)
    assert remaining(Counts(999_000, 1_000_000), 0.999) == pytest.approx(0)
    assert remaining(Counts(998_000, 1_000_000), 0.999) == pytest.approx(-1)


parts = st.lists(
    st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)).map(lambda pair: Counts(min(pair), max(pair))),
    max_size=30,
)


@given(parts, st.randoms())
def test_the_order_in_which_counts_arrive_says_nothing(found: list[Counts], chance: object) -> None:
    shuffled = sorted(found, key=lambda _: chance.random())  # type: ignore[attr-defined]
    assert total(found) == total(shuffled)
    half = len(found) // 2
    assert total(found) == total(found[:half]) + total(found[half:])


@given(parts, st.floats(0.5, 0.9999))
def test_budget_and_burn_say_the_same(found: list[Counts], target: float) -> None:
    summed = total(found)
    left, burn = remaining(summed, target), burn_rate(summed, target)
    assert (left is None) == (burn is None) == (summed.valid == 0)
    if left is not None and burn is not None:
        assert left == pytest.approx(1 - burn)
        assert left <= 1


@given(st.integers(0, 59), st.integers(1, 300))
def test_a_window_is_as_long_as_it_says(second: int, minutes: int) -> None:
    """Of even traffic it holds exactly its length, wherever in a minute it begins."""
    now = START + timedelta(seconds=second)
    rows = traffic(now, now, now, 0, timedelta(minutes=minutes))
    assert within(rows, now, timedelta(minutes=minutes)).valid == pytest.approx(minutes * 60 * PER_SECOND)


def test_a_minute_of_the_future_is_not_counted() -> None:
    """The clock went back an hour: what stands ahead waits until its time has come."""
    rows = [(START + timedelta(hours=1), Counts(0, 100)), (START - MINUTE, Counts(50, 50))]
    assert within(rows, START, timedelta(hours=1)) == Counts(50, 50)
