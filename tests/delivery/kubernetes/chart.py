"""The chart, rendered by Helm's own engine (helm-python-sdk holds it)."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import helm_python
import yaml

from tika.cli.environment import ROOT

CHART = ROOT / "deploy" / "helm" / "tika"
Objects = list[dict[str, Any]]


def texts(values: dict[str, Any] | None = None, *, upgrade: bool = False) -> dict[str, str]:
    """What each template says, by its file's name. Raises helm_python.HelmValuesError, HelmRenderError."""
    return rendered(json.dumps(values or {}), upgrade)


@cache
def rendered(values: str, upgrade: bool) -> dict[str, str]:
    with helm_python.Chart.load(str(CHART)) as chart:
        given = json.loads(values)
        found = chart.render(given, name="tika", namespace="tika", is_install=not upgrade, is_upgrade=upgrade)
    return {Path(path).name: text for path, text in found.items()}


def objects(values: dict[str, Any] | None = None, *, upgrade: bool = False) -> Objects:
    said = texts(values, upgrade=upgrade)
    return [one for name in sorted(said) if name.endswith(".yaml") for one in read(said[name])]


def read(text: str) -> Objects:
    """By the parser in C where there is one: there are many of them, and long."""
    return [one for one in yaml.load_all(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)) if one]
