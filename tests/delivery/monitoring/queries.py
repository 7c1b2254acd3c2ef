"""Which metrics a PromQL expression reads."""

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from tika.cli.environment import ROOT

DEPLOY = ROOT / "deploy"
RULES = sorted((DEPLOY / "prometheus" / "rules").glob("*.yaml"))
DASHBOARDS = sorted((DEPLOY / "grafana" / "dashboards").glob("*.json"))
WORDS = {"and", "or", "unless", "offset", "bool", "by", "without", "on", "ignoring", "group_left", "group_right", "inf"}
# Prometheus's own.
GIVEN = {"up"}


def metrics_of(query: str) -> set[str]:
    bare = re.sub(r'"[^"]*"', "", query)
    bare = re.sub(r"\{[^}]*\}|\[[^\]]*\]", "", bare)
    bare = re.sub(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", "", bare)
    names = re.findall(r"(?<![\w:.])[a-zA-Z_:][\w:]*(?!\s*\(|[\w:])", bare)
    return {name for name in names if name not in WORDS}


def rules() -> Iterator[dict[str, Any]]:
    for path in RULES:
        for group in yaml.safe_load(path.read_text())["groups"]:
            yield from group["rules"]


def recorded() -> set[str]:
    return {rule["record"] for rule in rules() if "record" in rule}


def panels() -> Iterator[tuple[str, str, str]]:
    """(dashboard, panel, query) of what asks Prometheus."""
    for path in DASHBOARDS:
        for panel in json.loads(path.read_text())["panels"]:
            for target in panel["targets"]:
                if target["datasource"]["type"] == "prometheus":
                    yield path.stem, panel["title"], target["expr"]


def annotations() -> Iterator[tuple[str, str, str]]:
    for path in DASHBOARDS:
        for one in json.loads(path.read_text())["annotations"]["list"]:
            yield path.stem, one["name"], one["expr"]


def filled_in(query: str) -> str:
    """With Grafana's variables replaced, as Prometheus gets it."""
    return re.sub(r"\$\w+", ".*", query.replace("$__rate_interval", "5m"))
