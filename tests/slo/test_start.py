"""Tika does not start with objectives that it cannot mean, and says where and why."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from observability.slo.objective import FILE
from tika.cli.environment import ROOT


def start(objectives: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", "check"]
    environment = {**os.environ, "TIKA_OBJECTIVES": objectives}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("target = 0.999", "target = 1", ":22: target: 1 "),
        ('indicator = "availability"', 'indicator = "uptme"', ":21: indicator: 'uptme' is not counted"),
        ("gates_deploys = true", "gates_deploy = true", ":24: gates_deploy: there is no 'gates_deploy' here"),
    ],
)
def test_a_mistake_keeps_it_from_starting(before: str, after: str, said: str, tmp_path: Path) -> None:
    own = tmp_path / "ours.toml"
    own.write_text(FILE.read_text().replace(before, after, 1))
    done = start(str(own))
    assert done.returncode != 0
    assert f"ours.toml{said}" in done.stderr + done.stdout


def test_an_installation_may_have_objectives_of_its_own(tmp_path: Path) -> None:
    own = tmp_path / "ours.toml"
    own.write_text(FILE.read_text().replace("target = 0.999", "target = 0.99", 1))
    assert start(str(own)).returncode == 0
    assert start(str(tmp_path / "missing.toml")).returncode != 0
