"""What a process does every few seconds beside its work."""

import logging
import threading

import pytest

from observability.beat import Beat


def test_an_errand_is_made_again_and_again() -> None:
    made = threading.Semaphore(0)
    beat = Beat()
    beat.add("count", 0.01, made.release)
    beat.start()
    try:
        assert all(made.acquire(timeout=10) for _ in range(3))
    finally:
        beat.stop()


def test_what_was_counted_is_handed_over_at_the_end() -> None:
    made: list[str] = []
    beat = Beat()
    beat.add("counts", 3600, lambda: made.append("counts"), at_end=True)
    beat.add("news", 3600, lambda: made.append("news"))
    beat.start()
    beat.stop()
    assert made == ["counts"]


def test_an_errand_that_fails_is_said_once_and_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    made = threading.Semaphore(0)

    def fail() -> None:
        raise OSError("gone")

    beat = Beat()
    beat.add("broken", 0.01, fail)
    beat.add("count", 0.01, made.release)
    with caplog.at_level(logging.WARNING, logger="tika.beat"):
        beat.start()
        try:
            assert all(made.acquire(timeout=10) for _ in range(5))
        finally:
            beat.stop()
    assert [record.getMessage() for record in caplog.records] == ["broken failed and is tried again every 0.01 s"]
