"""What is kept, by its properties."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backups.manifest import Manifest, all_of, write
from backups.restore.chain import chain_to
from backups.retention import RECENT, Keep, kept, prunable_wal, segment_of
from backups.sentences import Stopped
from backups.store.local import Folder
from backups.verbs.pruning import prune
from backups.wal.names import note_covered, stored_files, stored_name
from tenancy.context import Actor

TIMES = st.sets(st.datetimes(datetime(2020, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)), max_size=60)
KEEPS = st.builds(Keep, *[st.integers(0, 8)] * 4)


@given(TIMES, KEEPS)
def test_the_newest_always_stays_and_nothing_is_made_up(times: set[datetime], keep: Keep) -> None:
    found = kept(times, keep)
    assert found <= times
    assert not times or max(times) in found


@given(TIMES, KEEPS)
def test_no_more_stays_than_was_asked_for(times: set[datetime], keep: Keep) -> None:
    older = {at for at in kept(times, keep) if at < max(times) - RECENT}
    assert len(older) <= keep.daily + keep.weekly + keep.monthly + keep.yearly


@given(TIMES, KEEPS)
def test_all_of_the_last_two_days_stay(times: set[datetime], keep: Keep) -> None:
    assert {at for at in times if at >= max(times) - timedelta(days=2)} <= kept(times, keep)


@given(TIMES, KEEPS)
def test_pruning_twice_takes_nothing_more(times: set[datetime], keep: Keep) -> None:
    found = kept(times, keep)
    assert kept(found, keep) == found


@given(TIMES, KEEPS, st.integers(1, 3))
def test_a_day_later_nothing_returns_that_had_gone(times: set[datetime], keep: Keep, days: int) -> None:
    newer = {max(times) + timedelta(days=day) for day in range(1, days + 1)} if times else set()
    assert kept(kept(times, keep) | newer, keep) <= kept(times, keep) | newer


def test_a_year_of_nightly_backups_keeps_days_weeks_and_months() -> None:
    nights = [datetime(2026, 11, 26, 2, tzinfo=UTC) - timedelta(days=day) for day in range(730)]
    found = sorted(kept(nights, Keep()), reverse=True)
    assert found[:7] == nights[:7]
    assert {(at.year, at.month) for at in found} >= {(2026, month) for month in range(1, 12)}
    assert {at.year for at in found} == {2024, 2025, 2026}
    assert len(found) < 7 + 5 + 12 + 3


@given(st.integers(0, 2**40), st.lists(st.integers(0, 2**40), min_size=1, max_size=5))
def test_the_log_is_pruned_up_to_the_oldest_base_and_no_further(position: int, starts: list[int]) -> None:
    def name(at: int) -> str:
        return segment_of(f"{at >> 32:X}/{at & 0xFFFFFFFF:X}", 1)

    segment = name(position)
    gone = prunable_wal([segment, "00000002.history"], [name(start) for start in starts])
    assert gone == ([segment] if segment < min(name(start) for start in starts) else [])


def base_of(store: Folder, night: int, system: str) -> Manifest:
    """Taken so many nights ago; a segment of the log is filled each day."""
    at = (datetime(2026, 11, 26, 2, tzinfo=UTC) - timedelta(days=night)).isoformat()
    position = (1000 - night) * 2**24
    lsn = f"{position >> 32:X}/{position & 0xFFFFFFFF:X}"
    made = Manifest(
        name=f"base/{1000 - night}",
        kind="base",
        started_at=at,
        ended_at=at,
        covers=at,
        release="1.0.0",
        migrations={},
        postgres=180000,
        parts=[],
        system=system,
        wal_from=lsn,
        wal_to=lsn,
        timeline=1,
    )
    write(store, made)
    with store.write(stored_name(system, segment_of(lsn, 1))) as file:
        file.write(b"x")
    return made


def test_the_log_reaches_back_as_many_days_as_backups_do(store: Folder) -> None:
    nights = [base_of(store, night, "7") for night in range(100)]
    given_up = base_of(store, 300, "6")
    note_covered(store, "7", until=nights[0].time + timedelta(hours=3), lsn="0/0")
    prune(store, Keep(), by=Actor("system", "test"))
    assert sorted(stored_files(store, "7")) == sorted(segment_of(one.wal_from, 1) for one in nights[:7])
    hour = timedelta(hours=1)
    assert chain_to(store, nights[6].time + hour).wal == sorted(stored_files(store, "7"))
    older = all_of(store, "base")[9]
    assert older.time < nights[9].time
    # An older one holds its own moment alone, and says so.
    assert chain_to(store, older.time).base == older
    with pytest.raises(Stopped, match="a base backup's own moment"):
        chain_to(store, older.time + hour)
    # As does that of a server that is no more.
    assert given_up in all_of(store, "base")
    assert list(stored_files(store, "6")) == []


@pytest.mark.parametrize(
    ("lsn", "segment"),
    [("0/3000028", "000000010000000000000003"), ("1A/FF000000", "000000010000001A000000FF")],
)
def test_a_position_is_in_its_segment(lsn: str, segment: str) -> None:
    assert segment_of(lsn, 1) == segment
