"""The judge of a canary and of blue-green: what its question answers over given numbers, asked of promtool."""

import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.delivery.kubernetes.chart import objects
from tests.delivery.kubernetes.found import Object, named, of_kind
from tests.delivery.kubernetes.value_sets import SETS
from tests.tools import debian
from tika.cli.environment import ROOT

RULES = ROOT / "deploy" / "prometheus" / "rules" / "slo.yaml"
NEXT, LAST = "6f9c", "58dd"
LIMIT = 14.4


def template(values: dict[str, Any]) -> Object:
    (found,) = of_kind(objects(values), "AnalysisTemplate")
    return dict(found["spec"])


METRIC = template(SETS["canary"])["metrics"][0]
QUERY: str = METRIC["provider"]["prometheus"]["query"].replace("{{args.hash}}", NEXT)


def series(version: str, status: str, each_minute: int) -> dict[str, str]:
    labels = f'path="api/tickets",status="{status}",rollouts_pod_template_hash="{version}"'
    return {"series": f"http_request_total{{{labels}}}", "values": f"0+{each_minute}x60"}


UP = {"series": f'up{{job="tika",rollouts_pod_template_hash="{NEXT}"}}', "values": "1x60"}
GOOD = [series(LAST, "200", 1000), series(NEXT, "200", 60), UP]
NONE = "none"
CASES: dict[str, tuple[list[dict[str, str]], float | str]] = {
    "all is well": (GOOD, 0),
    # 6 of 66 in a minute are 9.09 %, and 0.1 % may be: 90.9 times too fast.
    "the next version fails": ([*GOOD, series(NEXT, "500", 6)], 90.9),
    "the last version fails and the next one does not": ([*GOOD, series(LAST, "500", 100)], 0),
    "both fail, and the next one no worse": ([*GOOD, series(LAST, "500", 200), series(NEXT, "500", 6)], 0),
    "nobody is sent there yet": ([series(LAST, "200", 1000), UP], 0),
    "what a client did wrong": ([*GOOD, series(NEXT, "404", 60)], 0),
    # One in 5 minutes is 300 times too fast for a version that few are sent to, and says nothing.
    "one bad answer": (
        [series(LAST, "200", 1000), UP, series(NEXT, "200", 1), {**series(NEXT, "500", 0), "values": "0x26 1x40"}],
        0,
    ),
    "nobody fetches the pods' numbers": (GOOD[:2], NONE),
}


def asked(given: list[dict[str, str]], expected: float | str) -> Object:
    samples = [] if expected == NONE else [{"value": expected, "labels": "{}"}]
    # Rounded: what is measured here is a share, not its last bit.
    question = {"expr": f"round({QUERY.strip()}, 0.1)", "eval_time": "30m", "exp_samples": samples}
    return {"interval": "1m", "input_series": given, "promql_expr_test": [question]}


def promtool(folder: Path, tests: list[Object]) -> str:
    """What it finds wrong. The rules of the one objective are enough, and take a tenth of the time of all."""
    groups = [group for group in yaml.safe_load(RULES.read_text())["groups"] if group["name"] == "slo-availability"]
    (folder / "slo.yaml").write_text(yaml.safe_dump({"groups": groups}))
    test = {"rule_files": ["slo.yaml"], "evaluation_interval": "30s", "tests": tests}
    (folder / "burn.test.yaml").write_text(yaml.safe_dump(test))
    command = [debian("promtool", "prometheus"), "test", "rules", "burn.test.yaml"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_judge_answers(tmp_path: Path) -> None:
    assert promtool(tmp_path, [{"name": name, **asked(*case)} for name, case in CASES.items()]) == ""


def test_a_wrong_expectation_is_noticed(tmp_path: Path) -> None:
    assert "exp" in promtool(tmp_path, [asked(GOOD, 5.0)])


def test_what_counts_as_bad_and_good_is_what_the_objective_counts() -> None:
    groups = yaml.safe_load(RULES.read_text())["groups"]
    rules = {rule["record"]: rule["expr"] for group in groups[:1] for rule in group["rules"] if "record" in rule}
    mine = QUERY.replace(f',rollouts_pod_template_hash="{NEXT}"', "")
    for name in ("slo:bad_events:rate5m", "slo:valid_events:rate5m"):
        for part in rules[name].split(" + "):
            assert part.removeprefix("(").partition(" or ")[0] in mine, (name, part)


@pytest.mark.parametrize("strategy", ["canary", "blue-green"])
def test_above_the_burn_rate_of_a_page_it_is_over_after_the_second_look(strategy: str) -> None:
    metric = template(SETS[strategy])["metrics"][0]
    assert metric["failureCondition"] == f"result[0] >= {LIMIT}"
    assert metric["successCondition"] == f"result[0] < {LIMIT}"
    assert (metric["failureLimit"], metric["interval"], metric["initialDelay"]) == (1, "30s", "60s")
    # A canary's goes on as long as its steps do; blue-green's has an end.
    assert ("count" in metric) == (strategy == "blue-green")


def test_a_canary_goes_step_by_step_and_is_watched_from_the_first() -> None:
    made = objects(SETS["canary"])
    canary = named(made, "Rollout", "tika-web")["spec"]["strategy"]["canary"]
    assert [step["setWeight"] for step in canary["steps"] if "setWeight" in step] == [5, 25, 50]
    assert all(step["pause"]["duration"] == "5m" for step in canary["steps"] if "pause" in step)
    assert canary["analysis"]["startingStep"] == 1
    assert (canary["maxSurge"], canary["maxUnavailable"]) == (1, 0)
    ingress = named(made, "Ingress", canary["trafficRouting"]["nginx"]["stableIngress"])
    services = {path["backend"]["service"]["name"] for path in ingress["spec"]["rules"][0]["http"]["paths"]}
    # Whatever else stood in it would be lost from the ingress that is made of it.
    assert services == {canary["stableService"]}
    assert canary["canaryService"] in {one["metadata"]["name"] for one in of_kind(made, "Service")}


def test_behind_a_gateway_a_canary_has_its_share_of_the_route() -> None:
    made = objects(SETS["a gateway"] | {"rollout": {"strategy": "canary"}})
    routing = named(made, "Rollout", "tika-web")["spec"]["strategy"]["canary"]["trafficRouting"]
    assert routing == {"plugins": {"argoproj-labs/gatewayAPI": {"httpRoute": "tika", "namespace": "tika"}}}
    rest = named(made, "HTTPRoute", "tika")["spec"]["rules"][-1]["backendRefs"]
    assert {one["name"]: one["weight"] for one in rest} == {"tika-web": 100, "tika-web-next": 0}


def test_blue_green_waits_for_a_word_and_keeps_the_way_back() -> None:
    made = objects(SETS["blue-green"])
    blue_green = named(made, "Rollout", "tika-web")["spec"]["strategy"]["blueGreen"]
    assert blue_green["autoPromotionEnabled"] is False
    assert blue_green["scaleDownDelaySeconds"] >= 600
    assert (blue_green["activeService"], blue_green["previewService"]) == ("tika-web", "tika-web-next")
    assert blue_green["postPromotionAnalysis"]["templates"] == [{"templateName": "tika-burn-rate"}]


@pytest.mark.parametrize("strategy", ["canary", "blue-green"])
def test_changing_over_to_a_rollout_loses_nobody(strategy: str) -> None:
    """The Deployment goes to 0 only when the rollout's own pods serve, and nothing says how many it should have."""
    made = objects(SETS[strategy])
    assert named(made, "Rollout", "tika-web")["spec"]["workloadRef"]["scaleDown"] == "onsuccess"
    assert "replicas" not in named(made, "Deployment", "tika-web")["spec"]
