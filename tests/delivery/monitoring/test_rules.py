"""The files of the outside stack: what they ask for exists, and Prometheus's own tools find nothing wrong."""

import json
import re
import subprocess
from pathlib import Path

import pytest
import yaml

from observability.metrics.exposition import exported_names
from tests.delivery.monitoring.queries import (
    DASHBOARDS,
    DEPLOY,
    GIVEN,
    annotations,
    filled_in,
    metrics_of,
    panels,
    recorded,
    rules,
)
from tests.tools import debian

HERE = Path(__file__).parent


def told(*command: str, cwd: Path = DEPLOY) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_prometheus_takes_its_configuration_and_every_rule() -> None:
    assert "SUCCESS" in told(debian("promtool", "prometheus"), "check", "config", "prometheus/prometheus.yml")


def test_alerts_fire_when_they_should_and_only_then() -> None:
    assert "SUCCESS" in told(debian("promtool", "prometheus"), "test", "rules", "alerts.test.yaml", cwd=HERE)


def test_every_alert_has_a_test() -> None:
    ours = yaml.safe_load((DEPLOY / "prometheus" / "rules" / "tika.yaml").read_text())
    named = {rule["alert"] for group in ours["groups"] for rule in group["rules"]}
    tests = yaml.safe_load((HERE / "alerts.test.yaml").read_text())["tests"]
    fired = {one["alertname"] for test in tests for one in test["alert_rule_test"] if one["exp_alerts"]}
    quiet = {one["alertname"] for test in tests for one in test["alert_rule_test"] if not one["exp_alerts"]}
    assert (named - fired, named - quiet) == (set(), set())


def test_an_alert_says_how_urgent_it_is_and_what_it_means() -> None:
    for rule in rules():
        if "alert" in rule:
            assert rule["labels"]["severity"] in {"page", "ticket"}, rule["alert"]
            assert {"summary", "description"} <= set(rule["annotations"]), rule["alert"]


def test_every_rule_reads_metrics_that_exist() -> None:
    known = exported_names("both") | recorded() | GIVEN
    for rule in rules():
        assert metrics_of(rule["expr"]) <= known, rule
        assert metrics_of(rule["expr"]) or rule["expr"].startswith("vector("), rule


def test_every_panel_reads_metrics_that_exist() -> None:
    known = exported_names("both") | recorded() | GIVEN
    for dashboard, title, query in [*panels(), *annotations()]:
        found = metrics_of(query)
        assert found, (dashboard, title)
        assert found <= known, (dashboard, title, found - known)


def test_a_name_that_nobody_exports_would_be_noticed() -> None:
    assert metrics_of('sum by (le) (rate(nothing_total{a="up"}[5m])) > 0.5 and on (slo) other:rate1h offset 2m') == {
        "nothing_total",
        "other:rate1h",
    }


def test_every_panels_query_is_one(tmp_path: Path) -> None:
    found = [{"record": "r:x", "expr": filled_in(query)} for _, _, query in [*panels(), *annotations()]]
    (tmp_path / "rules.yaml").write_text(json.dumps({"groups": [{"name": "panels", "rules": found}]}))
    told(debian("promtool", "prometheus"), "check", "rules", "--lint=none", "rules.yaml", cwd=tmp_path)


@pytest.mark.parametrize("path", DASHBOARDS, ids=lambda path: path.stem)
def test_a_dashboard_is_whole(path: Path) -> None:
    dashboard = json.loads(path.read_text())
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(ids)) == len(ids)
    sources = yaml.safe_load((DEPLOY / "grafana" / "provisioning" / "datasources" / "tika.yaml").read_text())
    known = {source["uid"] for source in sources["datasources"]}
    assert {panel["datasource"]["uid"] for panel in dashboard["panels"]} <= known
    places = [(p["gridPos"]["x"], p["gridPos"]["y"]) for p in dashboard["panels"]]
    assert len(set(places)) == len(places)
    # Nobody's panel may take what it shows from outside.
    assert "http" not in re.sub(r"http_\w+", "", path.read_text())


def test_alertmanager_takes_its_configuration_and_wakes_people_for_pages_only() -> None:
    amtool = debian("amtool", "prometheus-alertmanager")
    assert "SUCCESS" in told(amtool, "check-config", "alertmanager/alertmanager.yml")
    for severity in ("page", "ticket"):
        command = ["config", "routes", "test", "--config.file=alertmanager/alertmanager.yml"]
        told(amtool, *command, f"--verify.receivers={severity}", f"severity={severity}", "alertname=Any")
