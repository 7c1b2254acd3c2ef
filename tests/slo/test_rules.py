"""One file of objectives: what Prometheus makes of it is what Tika makes of it."""

import random
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from observability.slo.budget import Counts, burn_rate
from observability.slo.burn import MINUTE, within
from observability.slo.objective import objectives
from observability.slo.rules.files import generated
from observability.slo.rules.prometheus import rules_of
from tests.slo.promtool import Asked, check
from tests.slo.test_burn import AVAILABILITY, START, VECTORS, WINDOWS
from tests.tools import debian
from tika.cli.environment import ROOT

PER_STEP = 1500  # requests in 15 seconds
GOOD = 'http_request_total{method="GET",path="api/tickets",status="200"}'
BAD = 'http_request_total{method="GET",path="api/tickets",status="500"}'


@pytest.mark.parametrize("path", [str(path) for path in generated(objectives())])
def test_the_files_are_those_of_the_objectives(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert text == generated(objectives())[Path(path)], "run `bin/manage slo_rules` and commit what it writes"
    assert list(yaml.safe_load_all(text))


def test_prometheus_accepts_the_rules() -> None:
    command = [debian("promtool", "prometheus"), "check", "rules", str(ROOT / "deploy/prometheus/rules/slo.yaml")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_objective_that_prometheus_can_know_has_its_rules() -> None:
    found = yaml.safe_load((ROOT / "deploy/prometheus/rules/slo.yaml").read_text())
    named = {group["name"].removeprefix("slo-") for group in found["groups"]}
    assert named == {one.name for one in objectives().all} - {"restore_freshness"}
    alerts = {rule["labels"]["tier"] for group in found["groups"] for rule in group["rules"] if "alert" in rule}
    assert alerts == {"fast", "steady", "day", "slow", "absent"}
    (openslo,) = (text for path, text in generated(objectives()).items() if path.name == "openslo.yaml")
    documents = list(yaml.safe_load_all(openslo))
    assert {document["kind"] for document in documents} == {"Service", "SLO"}
    assert documents[1]["spec"]["objectives"][0]["target"] == 0.999
    (sloth,) = (text for path, text in generated(objectives()).items() if path.name == "sloth.yaml")
    assert yaml.safe_load(sloth)["slos"][0]["objective"] == 99.9
    assert "[{{.window}}]" in sloth


def expression_of(rules: dict[str, Any], window: str) -> str:
    (found,) = [
        rule["expr"]
        for group in rules["groups"]
        for rule in group["rules"]
        if rule.get("labels", {}).get("tier") == window
    ]
    return str(found)


# The long ones take promtool a minute each; Tika's own arithmetic goes through all fourteen.
SOME = [vector for vector in VECTORS if vector[0] in ("fast", "steady") or vector[1] == 1]


@pytest.mark.parametrize(("name", "share", "minutes"), SOME)
def test_prometheus_fires_and_ends_in_time(name: str, share: float, minutes: float, tmp_path: Path) -> None:
    window = WINDOWS[name]
    rules = rules_of(replace(objectives(), all=(AVAILABILITY,), windows=(window,)))
    quiet, failing = window.long_minutes * 4, round((minutes + 3) * 4)
    after = (window.short_minutes + 5) * 4
    bad = round(PER_STEP * share)
    series = {
        GOOD: f"0+{PER_STEP}x{quiet} {quiet * PER_STEP + PER_STEP - bad}+{PER_STEP - bad}x{failing - 1}"
        f" {quiet * PER_STEP + failing * (PER_STEP - bad) + PER_STEP}+{PER_STEP}x{after}",
        BAD: f"0+0x{quiet} {bad}+{bad}x{failing - 1} {failing * bad}+0x{after}",
    }
    outage = quiet / 4
    asked = [
        Asked(outage + minutes - 1, expression_of(rules, name), minutes < 1),
        Asked(outage + minutes + 0.5 + 0.5, expression_of(rules, name), True),
        Asked(outage + failing / 4 + window.short_minutes + 1, expression_of(rules, name), False),
    ]
    assert check(tmp_path, rules, series, asked[1:] if minutes < 1 else asked, step="15s", every="60s") == ""


def recorded_traffic() -> list[tuple[int, int, int]]:
    """(good, bad, mistakes of clients) of each 15 seconds in seven hours, with its hours of trouble."""
    chance, steps = random.Random(11), []
    for number in range(7 * 240):
        trouble = 0.05 if 1000 < number < 1400 else 0.012
        valid = chance.randrange(1400, 1600)
        bad = sum(chance.random() < trouble for _ in range(valid))
        steps.append((valid - bad, bad, chance.randrange(300)))
    return steps


def test_prometheus_and_tika_agree_within_one_per_cent_on_recorded_traffic(tmp_path: Path) -> None:
    steps = recorded_traffic()
    now = START + len(steps) * timedelta(seconds=15)
    rows = []
    for number in range(0, len(steps), 4):
        good, bad = (sum(step[part] for step in steps[number : number + 4]) for part in (0, 1))
        rows.append((START + number // 4 * MINUTE, Counts(good, good + bad)))
    series = {}
    for part, status in enumerate((200, 503, 404)):
        total, values = 0, ["0"]
        for step in steps:
            total += step[part]
            values.append(str(total))
        name = f'http_request_total{{method="GET",path="api/tickets",status="{status}"}}'
        series[name] = " ".join(values)
    asked = []
    for minutes, span in ((5, "5m"), (30, "30m"), (60, "1h"), (120, "2h"), (360, "6h")):
        burn = burn_rate(within(rows, now, timedelta(minutes=minutes)), AVAILABILITY.target)
        assert burn
        theirs = f'slo:sli_error:ratio_rate{span}{{slo="availability"}} / {AVAILABILITY.budget}'
        asked.append(Asked(7 * 60, f"abs({theirs} - {burn}) < {burn} * 0.01", True))
        asked.append(Asked(7 * 60, f"abs({theirs} - {burn * 1.03}) < {burn} * 0.01", False))
    rules = rules_of(replace(objectives(), all=(AVAILABILITY,)))
    assert check(tmp_path, rules, series, asked, step="15s", every="30s") == ""
