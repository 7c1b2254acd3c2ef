"""`bin/bench` runs to its end and tells every figure; how fast anything is, no test says."""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bench.instruments import LEAST
from bench.page import BEGIN, END, renewed
from bench.report import BROWSER_GOALS, RATIOS, SEARCH_COST, STATEMENTS
from tika.cli.environment import ROOT

KEPT = {"PATH", "HOME", "TMPDIR", "TIKA_CHROMIUM", "TIKA_PYTHON"}
CASES = {
    "snapshot_changed",
    "snapshot_unchanged",
    "not_modified",
    "one_ticket",
    "search",
    "changes_since",
    "move",
    "move_one_board",
    "create",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str, str]:
    """The JSON, the page and what was printed."""
    folder = tmp_path_factory.mktemp("bench")
    figures, page = folder / "figures.json", folder / "page.md"
    page.write_text(f"# Speed\n\n{BEGIN}\nold\n{END}\n\nWords.\n")
    clean = {name: value for name, value in os.environ.items() if name in KEPT}
    command = [str(ROOT / "bin" / "bench"), "--small", "--json", str(figures), "--markdown", str(page)]
    done = subprocess.run(command, env=clean, capture_output=True, text=True, timeout=540, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(figures.read_text()), page.read_text(), done.stdout


@pytest.mark.slow
@pytest.mark.browser
def test_the_json_has_every_figure(run: tuple[dict[str, Any], str, str]) -> None:
    report = run[0]
    assert report["ratios"].keys() == {*RATIOS, SEARCH_COST, "by"}
    assert all(report["ratios"][name] > 0 for name in RATIOS)
    assert report["ratios"]["by"].keys() == {"token", "session"}
    assert report["statements"].keys() == CASES
    assert report["start_seconds"].keys() == {"first", "again"}
    assert report["bytes"].keys() == {"raw", "compressed"}
    assert report["machine"].keys() >= {"cpus", "processor", "memory_gb", "python", "postgresql", "load_before"}
    for kinds in report["memory"].values():
        assert kinds.keys() == {"supervisor", "postgres", "web", "live", "worker", "exporter"}
    for row in report["rows"]:
        assert row.keys() >= {"per_second", "p50", "p95", "p99", "bytes", "errors", "concurrency", "who"}
    assert {(row["name"], row["who"]) for row in report["rows"]} >= {
        (name, who) for name in CASES for who in ("token", "session", "floor")
    }
    assert report["browser"]["goals"].keys() == set(BROWSER_GOALS)
    assert report["instruments"]["ratios"].keys() == report["instruments"]["errors"].keys() == set(LEAST)
    assert all(share > 0 for share in report["instruments"]["ratios"].values())
    away = report["instruments"]["away"]
    assert away["p99_ratio"] > 0
    assert away["failed"] == 0


@pytest.mark.slow
@pytest.mark.browser
def test_nothing_was_refused_and_nothing_locked_up(run: tuple[dict[str, Any], str, str]) -> None:
    report = run[0]
    assert [row for row in report["rows"] if row["errors"]] == []
    assert report["deadlocks"] == 0
    assert all(report["statements"][name] <= most for name, most in STATEMENTS.items())


@pytest.mark.slow
@pytest.mark.browser
def test_the_table_takes_its_place_in_the_page(run: tuple[dict[str, Any], str, str]) -> None:
    _, page, printed = run
    assert page.startswith(f"# Speed\n\n{BEGIN}\n")
    assert page.endswith(f"{END}\n\nWords.\n")
    assert printed.strip() in page
    assert "old" not in page.split()
    for name in RATIOS:
        assert f"`{name}`" in page


def test_a_page_without_a_place_for_the_table_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Speed\n")
    with pytest.raises(SystemExit, match="no place for the table"):
        renewed(page, "table")
    assert page.read_text() == "# Speed\n"
