"""coverage.sh with the real coverage.py and our settings, on a little product: what is measured; a floor holds."""

import re
import shutil
import sys
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.delivery.pipelines.running import run
from tests.delivery.pipelines.workflows import PIPELINE
from tika.cli.environment import ROOT

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]
PYTHON = f'#!/bin/sh\nshift\nPYTHONPATH=$PWD exec "{sys.executable}" "$@"\n'
HALF = "def answer(asked):\n    if asked:\n        return 1\n    return 2\n"
# As bin/test does: pytest is a process of its own.
RUN = """import os, subprocess, sys
subprocess.run([sys.executable, "-c", "from boards.answer import answer; answer(True)"], check=True)
sys.exit(int(os.environ["CODE"]))
"""


@pytest.fixture
def product(tmp_path: Path) -> Path:
    files = {f"{name}/__init__.py": "" for name in SETTINGS["coverage"]["run"]["source"]}
    files |= {"boards/answer.py": HALF, "boards/migrations/__init__.py": "", "boards/migrations/0001_first.py": HALF}
    files |= {"tests/__init__.py": "", "tests/run.py": RUN, "bin/with-python": PYTHON}
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "bin" / "with-python").chmod(0o755)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(PIPELINE, tmp_path / "deploy" / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def measured(product: Path, *arguments: str, **own: str) -> tuple[int, str, str]:
    return run(product / "deploy" / "pipeline" / "coverage.sh", *arguments, **{"CODE": "0", **own})


def test_lines_and_branches_are_measured_in_the_processes_that_the_tests_start(product: Path) -> None:
    code, said, why = measured(product, "tests/boards")
    assert code == 0, said + why
    # Three of four lines, one of two branches; no migration.
    assert said.split() == ["TOTAL", "4", "1", "2", "1", "66.7%"]
    report = ElementTree.parse(product / "coverage" / "coverage.xml")
    found = {one.attrib["filename"]: one for one in report.iter("class")}
    assert [name for name in found if "migrations" in name] == []
    (answer,) = (one for name, one in found.items() if name.endswith("answer.py"))
    assert [line.attrib["number"] for line in answer.iter("line") if line.attrib["hits"] == "0"] == ["4"]
    assert (product / "coverage" / "html" / "index.html").is_file()
    assert "boards/answer.py" in (product / "coverage" / "report.txt").read_text()


def test_a_floor_holds_for_all_tests_and_for_a_part_where_it_is_named(product: Path) -> None:
    settings = product / "pyproject.toml"
    settings.write_text(re.sub(r"fail_under = \d+", "fail_under = 67", settings.read_text()))
    for arguments, own in (((), {}), (("tests/boards",), {"COVERAGE_FLOOR": "67"})):
        code, _, why = measured(product, *arguments, **own)
        assert code == 2
        assert "less than the floor" in why
    assert measured(product, COVERAGE_FLOOR="66")[0] == 0


def test_red_tests_are_told_by_their_own_code_and_the_report_is_there(product: Path) -> None:
    assert measured(product, CODE="7")[0] == 7
    assert (product / "coverage" / "coverage.xml").is_file()


def test_all_packages_of_the_product_are_measured() -> None:
    assert SETTINGS["coverage"]["run"]["source"] == SETTINGS["importlinter"]["root_packages"]
