"""What is due, from rows alone."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from backups.schedule import Facts, due

AT = time(2)
NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DONE = dict.fromkeys(("base", "logical", "files"), NOW - timedelta(hours=9))
WELL = Facts(now=NOW, started=NOW - timedelta(days=3), done=DONE, drilled=NOW - timedelta(days=1))


def test_nothing_is_due_after_last_nights_backup() -> None:
    assert due(WELL, AT) == []


def test_each_kind_is_due_once_a_day() -> None:
    assert due(replace(WELL, now=datetime(2026, 11, 27, 1, 59, tzinfo=UTC)), AT) == []
    assert due(replace(WELL, now=datetime(2026, 11, 27, 2, 0, tzinfo=UTC)), AT) == ["base", "logical", "files"]


def test_a_night_that_was_missed_is_made_up_for() -> None:
    assert due(replace(WELL, now=NOW + timedelta(days=3)), AT) == ["base", "logical", "files"]


def test_the_first_one_waits_until_tika_has_run_for_a_while() -> None:
    new = Facts(now=NOW, started=NOW - timedelta(minutes=9))
    assert due(new, AT) == []
    assert due(replace(new, now=NOW + timedelta(minutes=1)), AT) == ["base", "logical", "files"]


def test_what_failed_is_tried_again_within_the_hour_and_not_at_once() -> None:
    failed = replace(WELL, now=NOW + timedelta(days=1), tried={"base": NOW + timedelta(hours=23, minutes=30)})
    assert due(failed, AT) == ["logical", "files"]
    assert due(replace(failed, now=NOW + timedelta(days=1, hours=1)), AT) == ["base", "logical", "files"]


def test_a_chain_that_began_anew_needs_a_base() -> None:
    assert due(replace(WELL, gap=NOW - timedelta(minutes=1)), AT) == ["base"]


def test_a_server_that_sends_no_log_gets_no_base() -> None:
    assert due(replace(WELL, now=NOW + timedelta(days=1), replication=False), AT) == ["logical", "files"]


@pytest.mark.parametrize(
    ("drilled", "wanted"),
    [(None, ["drill"]), (NOW - timedelta(days=6), []), (NOW - timedelta(days=7), ["drill"])],
)
def test_a_drill_comes_once_a_week_and_soon_after_the_first_backup(drilled: datetime | None, wanted: list[str]) -> None:
    assert due(replace(WELL, drilled=drilled), AT) == wanted


def test_who_asks_is_served_at_once() -> None:
    assert due(replace(WELL, asked=frozenset({"logical"})), AT) == ["logical"]
    assert due(replace(WELL, drill_asked=True), AT) == ["drill"]
