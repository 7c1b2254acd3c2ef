"""Prometheus's own tool, which evaluates rules over series that a test makes up."""

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from observability.slo.rules.yaml_text import yaml_text
from tests.tools import debian


@dataclass(frozen=True)
class Asked:
    """At `minutes` after the beginning: does `expression` answer anything?"""

    minutes: float
    expression: str
    answers: bool


def check(
    folder: Path, rules: dict[str, Any], series: dict[str, str], asked: Iterable[Asked], *, step: str, every: str
) -> str:
    """What promtool finds wrong; empty where everything is as it was said to be."""
    (folder / "rules.yaml").write_text(yaml_text(rules))
    expressions = [
        {
            "expr": f"count({one.expression})",
            "eval_time": f"{round(one.minutes * 60)}s",
            "exp_samples": [{"labels": "{}", "value": 1}] if one.answers else [],
        }
        for one in asked
    ]
    inputs = [{"series": name, "values": values} for name, values in series.items()]
    tests = [{"interval": step, "input_series": inputs, "promql_expr_test": expressions}]
    (folder / "test.yaml").write_text(
        yaml_text({"rule_files": ["rules.yaml"], "evaluation_interval": every, "tests": tests})
    )
    command = [debian("promtool", "prometheus"), "test", "rules", "test.yaml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr
