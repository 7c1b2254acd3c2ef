"""What operators add to Kubernetes (Argo, the Prometheus operator, gateways, External Secrets), by their own schemas.

They know types and what must be there, and let an unknown field pass; no registry has CloudNativePG's.
"""

import copy
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.delivery.kubernetes.chart import objects
from tests.delivery.kubernetes.found import Object, named, of_kind
from tests.delivery.kubernetes.test_chart import ADDED
from tests.delivery.kubernetes.value_sets import SETS
from tests.delivery.unchecked import could_not_check, left_unchecked
from tests.tools import debian
from tika.cli.environment import ROOT

FILES = Path(__file__).with_name("added")
WITHOUT = {"Cluster", "Pooler"}
WRITTEN = [ROOT / "deploy" / "argocd" / name for name in ("application.yaml", "application-helm.yaml", "project.yaml")]
EXAMPLE = ROOT / "deploy" / "k8s" / "examples" / "external-secret.yaml"


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that has them, fetched by npm against the hashes of the lock."""
    what = "the schemas of Argo's, the Prometheus operator's and others' kinds"
    debian("npm", "nodejs", "npm")
    folder = tmp_path_factory.mktemp("added")
    for name in ("package.json", "package-lock.json", "check.js"):
        shutil.copy(FILES / name, folder)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=180, check=False)
    if done.returncode:
        could_not_check(what, f"npm could not fetch them: {done.stderr[-200:]}")
    return folder


def said(schemas: Path, made: list[Object]) -> list[str]:
    done = subprocess.run(
        ["node", "check.js"],
        cwd=schemas,
        input=json.dumps(made),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return list(json.loads(done.stdout))


def test_each_is_as_its_schema_wants(schemas: Path) -> None:
    made = [one for values in SETS.values() for one in of_kind(objects(values), *(ADDED - WITHOUT))]
    made += [yaml.safe_load(path.read_text()) for path in (*WRITTEN, EXAMPLE)]
    assert {one["kind"] for one in made} >= ADDED - WITHOUT
    found = said(schemas, made)
    assert [(one["kind"], fault) for one, fault in zip(made, found, strict=True) if fault] == []
    left_unchecked("CloudNativePG's Cluster and Pooler", "no package registry has their schemas")


SLIPS: dict[str, tuple[str, str, Any, str]] = {
    "Rollout": ("canary", "spec.replicas", "three", "must be integer"),
    "ServiceMonitor": ("seen from outside", "spec.selector", None, "required property 'selector'"),
    "HTTPRoute": ("a gateway", "spec.rules.0.matches.0.path.type", "Regex", "allowed values"),
}


@pytest.mark.parametrize(("kind", "slip"), SLIPS.items(), ids=SLIPS)
def test_a_slip_is_found(kind: str, slip: tuple[str, str, Any, str], schemas: Path) -> None:
    values, place, wrong, expected = slip
    broken: Any = copy.deepcopy(named(objects(SETS[values]), kind, "tika-web" if kind == "Rollout" else "tika"))
    *way, last = (int(part) if part.isdecimal() else part for part in place.split("."))
    at = broken
    for part in way:
        at = at[part]
    if wrong is None:
        del at[last]
    else:
        at[last] = wrong
    (found,) = said(schemas, [broken])
    assert expected.replace("'", "") in found


def test_the_example_of_a_secret_has_every_key_that_production_asks_for() -> None:
    from tests.delivery.kubernetes.found import workloads

    written = yaml.safe_load(EXAMPLE.read_text())["spec"]
    made = objects({"backup": {"enabled": True, "keySecret": "key"}})
    references = [
        entry["valueFrom"]["secretKeyRef"]
        for one in workloads(made)
        for entry in one.environment.values()
        if "valueFrom" in entry
    ]
    assert {reference["name"] for reference in references} == {written["target"]["name"]}
    assert {reference["key"] for reference in references} == {entry["secretKey"] for entry in written["data"]}
