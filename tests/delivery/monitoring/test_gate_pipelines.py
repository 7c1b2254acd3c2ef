"""The deploy gate in GitHub Actions and Argo CD: what they may do, and what they do with an answer."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tika.cli.environment import ROOT

WORKFLOW: dict[Any, Any] = yaml.safe_load((ROOT / ".github" / "workflows" / "deploy-gate.yml").read_text())
STEPS: list[dict[str, Any]] = WORKFLOW["jobs"]["ask"]["steps"]
ASK = next(step for step in STEPS if step.get("name") == "Ask")
ARGO = ROOT / "deploy" / "argocd"
JOB: dict[str, Any] = yaml.safe_load((ARGO / "deploy-gate.yaml").read_text())
POD = JOB["spec"]["template"]["spec"]
CONTAINER = POD["containers"][0]
STANDING_IN = "echo 'Deploy gate, '$1': 12.5 % left.'; exit $CODE"


def test_an_action_is_named_by_its_commit() -> None:
    lines = re.findall(
        r"uses: (actions/\S+) # v\d+\.\d+\.\d+\n", (ROOT / ".github/workflows/deploy-gate.yml").read_text()
    )
    assert lines == [step["uses"] for step in STEPS if "uses" in step]
    assert all(re.fullmatch(r"actions/[\w/]+@[0-9a-f]{40}", line) for line in lines)


def test_the_workflow_may_read_the_code_and_nothing_else() -> None:
    assert WORKFLOW["permissions"] == {}
    assert WORKFLOW["jobs"]["ask"]["permissions"] == {"contents": "read"}
    assert STEPS[0]["with"]["persist-credentials"] is False


def test_what_a_caller_says_is_no_part_of_a_command() -> None:
    called = WORKFLOW[True]["workflow_call"]  # YAML 1.1 reads `on` as true.
    assert set(called["inputs"]) == {"url", "change", "environment"}
    assert set(called["secrets"]) == {"token"}
    assert all("${{" not in step.get("run", "") for step in STEPS)


@pytest.mark.parametrize(("code", "leaves", "kind"), [(0, 0, "notice"), (10, 0, "warning"), (20, 20, "error")])
def test_the_job_fails_on_a_refusal_and_notes_a_warning(code: int, leaves: int, kind: str, tmp_path: Path) -> None:
    (tmp_path / "deploy" / "gate").mkdir(parents=True)
    (tmp_path / "deploy" / "gate" / "ask.sh").write_text(STANDING_IN)
    own = {"PATH": os.environ["PATH"], "CHANGE": "feature", "CODE": str(code)}
    done = subprocess.run(["bash", "-e", "-c", ASK["run"]], cwd=tmp_path, env=own, capture_output=True, text=True)
    assert done.returncode == leaves
    assert done.stdout == f"::{kind} title=Deploy gate::Deploy gate, feature: 12.5 %25 left.\n"


def test_the_last_answer_is_kept_where_the_cache_looks() -> None:
    kept = [step["with"]["path"] for step in STEPS if "cache" in step.get("uses", "")]
    assert kept == [str(Path(ASK["env"]["TIKA_GATE_STATE"]).parent)] * 2


def test_argo_asks_before_it_applies_anything_and_only_once() -> None:
    hooks = {"argocd.argoproj.io/hook": "PreSync", "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation"}
    assert JOB["metadata"]["annotations"] == hooks
    assert (JOB["spec"]["backoffLimit"], POD["restartPolicy"]) == (0, "Never")
    assert JOB["spec"]["activeDeadlineSeconds"] > 20


def test_the_job_is_as_restricted_as_a_pod_can_be() -> None:
    assert POD["automountServiceAccountToken"] is False
    assert POD["securityContext"]["runAsNonRoot"] is True
    assert POD["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert CONTAINER["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert set(CONTAINER["resources"]["limits"]) == {"cpu", "memory"}
    assert re.fullmatch(r"python:[\w.-]+@sha256:[0-9a-f]{64}", CONTAINER["image"])
    assert {kind for volume in POD["volumes"] for kind in volume} <= {"name", "configMap", "secret", "emptyDir"}


def test_the_token_is_a_file_of_a_secret_and_the_change_an_annotation() -> None:
    given = {entry["name"]: entry for entry in CONTAINER["env"]}
    field = given["CHANGE"]["valueFrom"]["fieldRef"]["fieldPath"]
    assert field == "metadata.annotations['deploy-gate/change']"
    assert JOB["spec"]["template"]["metadata"]["annotations"] == {"deploy-gate/change": "feature"}
    mounted = {mount["name"]: mount["mountPath"] for mount in CONTAINER["volumeMounts"]}
    assert given["TIKA_GATE_TOKEN_FILE"]["value"] == f"{mounted['token']}/token"
    assert "TIKA_GATE_TOKEN" not in given


@pytest.mark.parametrize(("code", "leaves"), [(0, 0), (10, 0), (20, 1), (2, 1)])
def test_the_sync_stops_on_a_refusal_and_on_nothing_less(code: int, leaves: int, tmp_path: Path) -> None:
    (tmp_path / "ask.sh").write_text(STANDING_IN)
    command = [part.replace("/gate/", f"{tmp_path}/") for part in CONTAINER["command"]]
    own = {"PATH": os.environ["PATH"], "CHANGE": "feature", "CODE": str(code)}
    assert subprocess.run(command, env=own, capture_output=True).returncode == leaves


def test_the_script_is_there_before_the_job() -> None:
    names = yaml.safe_load((ARGO / "kustomization.yaml").read_text())["resources"]
    assert names == ["../gate", "deploy-gate.yaml"]
    (made,) = yaml.safe_load((ROOT / "deploy" / "gate" / "kustomization.yaml").read_text())["configMapGenerator"]
    assert made["files"] == ["ask.sh"]
    assert {"name": "gate", "configMap": {"name": made["name"]}} in POD["volumes"]
    assert made["options"]["disableNameSuffixHash"] is True
    assert made["options"]["annotations"]["argocd.argoproj.io/hook"] == "PreSync"
    assert int(made["options"]["annotations"]["argocd.argoproj.io/sync-wave"]) < 0
