"""The doctor asks every check: what raises or hangs is unknown, and the others are asked all the same."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from observability.doctor import registry
from observability.doctor.check import Check, Finding, State, fail, ok, unknown, warn
from observability.doctor.examine import Result, examine
from observability.doctor.report import Report
from observability.doctor.signals import SIGNALS, used_as
from observability.doctor.stages import Stage
from tika.cli.environment import ROOT

NOW = datetime(2026, 11, 26, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def made(key: str, ask: Any, stage: Stage = Stage.MVP, **more: Any) -> Check:
    return Check(key, stage, key, key, ask, **more)


def raises() -> Finding:
    raise RuntimeError("no such host; password=hunter22-hunter22")


def test_one_that_raises_is_unknown_with_a_reason_that_tells_no_secret() -> None:
    first, second = examine([made("a", raises), made("b", lambda: ok("fine"))])
    assert (first.state, second.state) == (State.UNKNOWN, State.OK)
    assert "RuntimeError: no such host" in first.finding.evidence
    assert "hunter22" not in first.finding.evidence


def test_one_that_hangs_is_left_behind() -> None:
    free = threading.Event()

    def hangs() -> Finding:
        free.wait(60)
        return ok("late")

    began = time.monotonic()
    try:
        found = examine([made("a", hangs, limit=0.2), made("b", lambda: ok("fine")), made("c", hangs, limit=0.2)])
    finally:
        free.set()
    assert [one.state for one in found] == [State.UNKNOWN, State.OK, State.UNKNOWN]
    assert "0.2 s" in found[0].finding.evidence
    assert time.monotonic() - began < 30


def test_where_all_hang_the_last_are_not_waited_for() -> None:
    free = threading.Event()
    try:
        found = examine([made(str(number), lambda: ok(free.wait(60)), limit=5) for number in range(40)], patience=0.3)
    finally:
        free.set()
    assert len(found) == 40
    assert {one.state for one in found} == {State.UNKNOWN}


def report(*found: tuple[Stage, Finding], people: float = 1) -> Report:
    results = [Result(made(str(place), raises, stage), finding, 1, NOW) for place, (stage, finding) in enumerate(found)]
    return Report(results, {"people": people}, "0.1.0", NOW)


def test_fit_is_what_lacks_nothing_up_to_there() -> None:
    good, look, open_, missing = ok("1"), warn("1", "do"), unknown("?"), fail("0", "do")
    assert report((Stage.MVP, missing), (Stage.TEAM, good)).fit_for is None
    assert report((Stage.MVP, good), (Stage.TEAM, open_), (Stage.SAAS, good)).fit_for is Stage.MVP
    assert report((Stage.MVP, good), (Stage.TEAM, look), (Stage.SAAS, missing)).fit_for is Stage.TEAM
    assert report((Stage.MVP, good)).fit_for is Stage.ENTERPRISE
    between = report((Stage.MVP, good), (Stage.TEAM, open_), (Stage.TEAM, missing))
    assert [one.state for one in between.obstacles] == [State.FAIL, State.UNKNOWN]
    assert between.next_stage is Stage.TEAM


def test_the_exit_code_is_of_the_stages_that_were_asked_for() -> None:
    found = report((Stage.MVP, ok("1")), (Stage.TEAM, unknown("?")), (Stage.SAAS, fail("0", "do")))
    assert [found.exit_code(stage) for stage in Stage] == [0, 10, 20, 20]


@pytest.mark.parametrize(
    ("people", "stage"),
    [(0, Stage.MVP), (9, Stage.MVP), (10, Stage.TEAM), (99, Stage.TEAM), (100, Stage.SAAS), (10_000, Stage.ENTERPRISE)],
)
def test_it_is_used_as_what_its_people_make_it(people: int, stage: Stage) -> None:
    assert used_as({"people": people, "requests_per_day": 10**9}) is stage
    found = report((Stage.MVP, ok("1")), people=people)
    assert {one.signal.to for one in found.signals} == ({Stage(stage + 1)} if stage < 4 else set())


def test_a_figure_nobody_knows_is_no_signal() -> None:
    found = report((Stage.MVP, ok("1")))
    assert not any(one.speaks for one in found.signals)
    assert {signal.to for signal in SIGNALS} == {Stage.TEAM, Stage.SAAS, Stage.ENTERPRISE}


@pytest.fixture
def empty_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "known", {})


@pytest.mark.usefixtures("empty_registry")
def test_what_is_built_takes_the_place_of_what_was_announced() -> None:
    def announce() -> None:
        registry.announce("x.y", Stage.SAAS, "Later", "?", remedy="wait", advice="Meanwhile")

    announce()
    assert registry.checks()[0].ask().state is State.UNKNOWN
    registry.check("x.y", Stage.SAAS, "Now", "!")(lambda: ok("here"))
    announce()
    assert [one.title for one in registry.checks()] == ["Now"]
    with pytest.raises(ValueError, match="two checks"):
        registry.check("x.y", Stage.SAAS, "Again", "!")(raises)


def appendix() -> list[tuple[str, str, list[str]]]:
    """(step, line, keys) of docs/doctor.md's table."""
    text = Path(ROOT, "docs", "doctor.md").read_text(encoding="utf-8")
    table = text[text.index("| step | line | checks |") :].split("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]
    return [(step, line, keys.replace("`", "").split(", ")) for step, line, keys in rows]


def test_each_line_of_the_guides_appendix_has_a_check_of_that_stage_or_before() -> None:
    stages = {"MVP → Team": Stage.TEAM, "Team → SaaS": Stage.SAAS, "SaaS → Enterprise": Stage.ENTERPRISE}
    found = appendix()
    assert [sum(step == one for one, _, _ in found) for step in stages] == [5, 6, 6]
    for step, line, keys in found:
        for key in keys:
            assert registry.known[key].stage <= stages[step], line


def test_every_stage_has_checks_and_each_says_what_it_looks_at() -> None:
    found = registry.checks()
    assert {one.stage for one in found} == set(Stage)
    assert all(str(one.title) and str(one.looks_at) for one in found)
    assert all("." in one.key for one in found)
