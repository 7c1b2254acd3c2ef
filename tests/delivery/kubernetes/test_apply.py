"""deploy/k8s/apply with a kubectl that only writes down what it is told: there is no cluster to tell."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.delivery.kubernetes.generated import K8S

STANDING_IN = """#!/bin/sh
echo "$*" >>"$CALLS"
case "$*" in
kustomize*) echo "kind: Namespace" ;;
*"get job"*) echo "$ENDED" ;;
esac
"""


def applied(folder: Path, overlay: str, *, ended: str) -> tuple[int, list[str], str]:
    """(status, what kubectl was told, what was said)."""
    program, calls = folder / "kubectl", folder / "calls"
    program.write_text(STANDING_IN)
    program.chmod(0o755)
    calls.touch()
    environ = {"PATH": os.environ["PATH"], "KUBECTL": str(program), "CALLS": str(calls), "ENDED": ended}
    done = subprocess.run(
        [str(K8S / "apply"), overlay], env=environ, capture_output=True, text=True, timeout=30, check=False
    )
    return done.returncode, calls.read_text().splitlines(), done.stderr


@pytest.mark.parametrize(("overlay", "namespace"), [("staging", "tika-staging"), ("production", "tika")])
def test_the_migrations_are_done_before_any_process_is_touched(overlay: str, namespace: str, tmp_path: Path) -> None:
    status, calls, _ = applied(tmp_path, overlay, ended="SuccessCriteriaMet Complete")
    assert status == 0
    steps = [call.partition(" -l ")[2] if "apply" in call else call for call in calls if "kustomize" not in call]
    assert steps[0] == "app.kubernetes.io/component notin (web,live,worker,exporter,backup,migrate)"
    assert steps[1] == f"-n {namespace} delete job tika-migrate --ignore-not-found --wait"
    assert steps[2] == "app.kubernetes.io/component=migrate"
    assert "get job tika-migrate" in steps[3]
    assert steps[4] == ""
    assert steps[5:] == [
        f"-n {namespace} rollout status deployment/tika-{name} --timeout=10m"
        for name in ("web", "live", "worker", "exporter")
    ]


def test_where_they_fail_what_runs_stays_as_it_was(tmp_path: Path) -> None:
    status, calls, said = applied(tmp_path, "production", ended="FailureTarget Failed")
    assert status == 1
    assert "nothing that runs was changed" in said
    assert not [call for call in calls if call.startswith("apply") and " -l " not in call]
    assert not [call for call in calls if "rollout" in call]


def test_what_is_no_overlay_is_refused(tmp_path: Path) -> None:
    status, calls, said = applied(tmp_path, "nowhere", ended="Complete")
    assert (status, calls) == (2, [])
    assert "is no overlay" in said
