"""What is exported stands in the catalogue, and what stands there is exported, named and documented."""

import re
import subprocess
import threading
import time
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from observability.metrics import catalogue, facts, page
from observability.metrics.catalogue import BY_NAME, CATALOGUE
from observability.metrics.exposition import Collected, Facts, exported_names
from observability.metrics.facts import Fact, Round
from observability.metrics.folder import Folder
from observability.metrics.page import Page
from observability.metrics.rendered import markdown
from tests.tools import debian
from tika.cli.environment import ROOT
from tika.management.commands.exporter import budgets

GUIDE = {
    "http_request_duration_ms",
    "http_request_total",
    "http_error_rate",
    "db_query_duration_ms",
    "db_pool_active_connections",
    "tickets_created_total",
    "tickets_by_status",
}
# The guide's names are what they are.
TOLERATED = re.compile(
    r"(http_request_duration_ms|db_query_duration_ms) metric names should not contain abbreviated units"
)
# A name says whom or what; whom would be one series for each person, workspace or address.
NEVER_A_LABEL = {"tenant", "workspace", "user", "email", "ip", "token", "host", "pid", "request_id"}


def everything(folder: Folder, style: str = "both") -> str:
    """Each metric with one series."""
    counted = Page()
    folder.start(counted, "web")
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for metric in CATALOGUE:
        labels = tuple("200" if label == "status" else "x" for label in metric.labels)
        if metric.origin == "exporter":
            found[metric.name] = {labels: 1}
        elif metric.kind == "histogram":
            counted.observe(counted.place(metric, *labels), metric.edges, 1)
        else:
            counted.add(counted.place(metric, *labels))
    registry = CollectorRegistry()
    registry.register(Collected(folder, style, lambda: found))
    return generate_latest(registry).decode()


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    tmp_path.joinpath("metrics").mkdir()
    return Folder(tmp_path / "metrics")


def test_the_guides_names_are_there() -> None:
    assert set(BY_NAME) >= GUIDE


def test_all_that_is_fetched_stands_in_the_catalogue_and_back(folder: Folder) -> None:
    text = everything(folder)
    samples = {re.split(r"[{ ]", line)[0] for line in text.splitlines() if not line.startswith("#")}
    assert samples == exported_names("both")
    helped = dict(re.findall(r"^# HELP (\S+) (.+)$", text, re.M))
    assert helped == {name: m.says for m in CATALOGUE for name in (m.name, m.twin) if name}


@pytest.mark.parametrize(("style", "gone"), [("seed", "_seconds"), ("base", "_ms")])
def test_one_of_both_names_can_be_left_out(folder: Folder, style: str, gone: str) -> None:
    text = everything(folder, style)
    twins = {m.twin if style == "seed" else m.name for m in CATALOGUE if m.twin}
    assert twins
    assert all(name.endswith(gone) for name in twins)
    assert not [name for name in twins if f"\n{name}" in text]
    assert "\nhttp_request_total{" in text


def test_prometheus_finds_nothing_wrong_but_the_guides_own_units(folder: Folder) -> None:
    done = subprocess.run(
        [debian("promtool", "prometheus"), "check", "metrics"],
        input=everything(folder),
        capture_output=True,
        text=True,
        timeout=30,
    )
    said = (done.stdout + done.stderr).strip().splitlines()
    assert [line for line in said if not TOLERATED.fullmatch(line)] == []


@pytest.mark.parametrize("metric", CATALOGUE, ids=lambda metric: metric.name)
def test_a_metric_has_a_sentence_and_no_label_that_names_somebody(metric: catalogue.Metric) -> None:
    assert metric.says.endswith(".")
    assert not NEVER_A_LABEL & set(metric.labels)


def test_the_documentation_lists_them() -> None:
    said = "docs/metrics.md is out of date: bin/manage metric_list > docs/metrics.md"
    assert (ROOT / "docs" / "metrics.md").read_text() == markdown(), said


# --- facts ---------------------------------------------------------------------------------------


def test_each_usual_fact_is_found(tmp_path: Path) -> None:
    (tmp_path / "last_backup").write_text("2026-01-01T03:00:00Z\n")
    usual = Round([*facts.usual(tmp_path), Fact("objectives", 60, budgets)], {})
    for fact in usual.facts:
        usual.ask(fact)
    known = usual.known()
    assert set(known[catalogue.FACTS_FRESH.name].values()) == {1.0}
    given = {catalogue.ERROR_RATE, catalogue.BUILD, catalogue.FILES, catalogue.FILES_BYTES, catalogue.FILES_FREE}
    given |= {catalogue.FILES_DAMAGED}
    # Of backups and restores, which tests/backups/test_page.py makes.
    given |= {catalogue.BACKUP_FAILED, catalogue.BACKUP_LOST, catalogue.RESTORE_PROVEN, catalogue.RESTORE_TIME}
    given |= {catalogue.DUMPS_ALONE}
    assert set(known) == {m.name for m in CATALOGUE if m.origin == "exporter"} - {m.name for m in given}
    assert known[catalogue.MIGRATIONS_PENDING.name] == {(): 0}
    assert set(known[catalogue.TICKETS_BY_STATUS.name]) == {("backlog",), ("todo",), ("in_progress",), ("done",)}
    assert known[catalogue.SERVER_CONNECTIONS.name][()] >= 1
    assert all(share <= 1 for share in known[catalogue.BUDGET.name].values())


def test_a_backup_nobody_made_has_no_age(tmp_path: Path) -> None:
    assert facts.backup(tmp_path) == {}


def test_a_backup_from_the_future_is_new_not_negative(tmp_path: Path) -> None:
    """The clock went back an hour."""
    (tmp_path / "last_backup").write_text("2999-01-01T03:00:00Z")
    assert facts.backup(tmp_path) == {catalogue.BACKUP_AGE.name: {(): 0.0}}


def test_a_fact_that_cannot_be_had_is_absent_and_said_so_and_the_others_are_there() -> None:
    def fail() -> Facts:
        raise ConnectionError

    one = Fact("one", 60, lambda: {"one": {(): 1.0}})
    two = Fact("two", 60, lambda: {"two": {(): 2.0}})
    asking = Round([one, two], {})
    for fact in (one, two):
        asking.ask(fact)
    one.ask = fail
    asking.ask(one)
    assert asking.known() == {catalogue.FACTS_FRESH.name: {("one",): 0.0, ("two",): 1.0}, "two": {(): 2.0}}


def test_what_was_found_long_ago_is_not_told_as_if_it_were_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database hangs: the exporter's look does not come back."""
    fact = Fact("one", 15, lambda: {"one": {(): 1.0}})
    asking = Round([fact], {})
    asking.ask(fact)
    now = time.monotonic()
    monkeypatch.setattr("time.monotonic", lambda: now + 46)
    assert asking.known() == {catalogue.FACTS_FRESH.name: {("one",): 0.0}}


def test_the_round_asks_what_is_due_until_it_is_ended() -> None:
    ended = threading.Event()
    asked: list[str] = []

    def ask() -> Facts:
        asked.append("one")
        ended.set()
        return {}

    Round([Fact("one", 60, ask)], {}).go_on(ended)
    assert asked == ["one"]


# --- the clock -----------------------------------------------------------------------------------


def test_a_clock_that_jumps_changes_nothing_that_is_counted(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Page()
    folder.start(counted, "web")
    collected = Collected(folder, "both")
    place = counted.place(catalogue.REQUESTS, "GET", "x", "500")
    counted.add(place)
    good = counted.place(catalogue.REQUESTS, "GET", "x", "200")
    counted.add(good, 3)
    before = collected.error_rate
    before.note(folder.totals())
    monkeypatch.setattr("time.time", lambda: 0.0)
    before.note(folder.totals())
    assert before.fact() == {catalogue.ERROR_RATE.name: {(): 0.25}}


def test_no_count_asks_what_time_it_is() -> None:
    for path in Path(page.__file__).parent.glob("*.py"):
        if path.name != "facts.py":
            assert not re.search(r"time\.time\(|datetime|\.now\(", path.read_text()), path.name


def test_nobodys_requests_are_no_rate_of_errors(folder: Folder) -> None:
    assert Collected(folder, "both").error_rate.fact() == {}
