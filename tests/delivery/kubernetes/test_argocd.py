"""Argo CD: the order of a sync with kustomize and with the chart, what it sets back, and what it may touch."""

from typing import Any

import pytest
import yaml

from tests.delivery.kubernetes.chart import objects
from tests.delivery.kubernetes.found import Object, of_kind, workloads
from tests.delivery.kubernetes.kustomize import overlay
from tests.delivery.kubernetes.value_sets import SETS
from tika.cli.environment import ROOT

ARGO = ROOT / "deploy" / "argocd"
APPLICATIONS = ("application.yaml", "application-helm.yaml")
PROJECT: Object = yaml.safe_load((ARGO / "project.yaml").read_text())
PHASES = ("PreSync", "Sync")


def application(name: str) -> Object:
    return dict(yaml.safe_load((ARGO / name).read_text()))


def when(one: Object) -> tuple[int, int]:
    """(phase, wave). A hook is one by its annotation; once one of Argo CD's is there, Helm's are not looked at."""
    said = one["metadata"].get("annotations", {})
    phase = said.get("argocd.argoproj.io/hook", "Sync")
    return PHASES.index(phase), int(said.get("argocd.argoproj.io/sync-wave", "0"))


def by_time(made: list[Object]) -> dict[str, tuple[int, int]]:
    return {f"{one['kind']} {one['metadata']['name']}": when(one) for one in made}


def needed_before(one: Any, times: dict[str, tuple[int, int]]) -> set[str]:
    """What a Job of a wave finds missing unless it is there in an earlier one."""
    policies = {name for name in times if name.startswith("NetworkPolicy")}
    return policies | {f"ServiceAccount {one.pod['serviceAccountName']}"}


@pytest.mark.parametrize("values", SETS.values(), ids=SETS)
@pytest.mark.parametrize("upgrade", [False, True], ids=["install", "upgrade"])
def test_the_chart_syncs_accounts_then_the_database_then_tables_then_processes(
    values: dict[str, Any], upgrade: bool
) -> None:
    made = objects(values, upgrade=upgrade)
    times = by_time(made)
    (job,) = [one for one in workloads(made) if one.component == "migrate"]
    migrated = times["Job tika-migrate"]
    assert all(times[name] < migrated for name in needed_before(job, times))
    assert all(
        times[f"{one['kind']} {one['metadata']['name']}"] < migrated for one in of_kind(made, "Cluster", "Pooler")
    )
    assert all(times[f"Deployment {one.name}"] > migrated for one in workloads(made) if one.kind == "Deployment")


@pytest.mark.parametrize("values", SETS.values(), ids=SETS)
def test_no_wave_waits_for_a_volume_that_waits_for_its_pod(values: dict[str, Any]) -> None:
    times = by_time(objects(values))
    assert {time for name, time in times.items() if name.startswith("PersistentVolumeClaim")} <= {(1, 0)}


def test_the_gate_is_asked_before_anything_is_applied(kubectl: str) -> None:
    times = by_time(overlay(kubectl, "production-argocd"))
    asked = times["Job deploy-gate"]
    assert asked[0] == PHASES.index("PreSync")
    assert times["ConfigMap deploy-gate"] < asked
    assert all(time > asked for name, time in times.items() if "deploy-gate" not in name)
    assert times["Job tika-migrate"] < times["Deployment tika-web"]


def test_the_gate_asks_the_tika_that_is_deployed(kubectl: str) -> None:
    made = overlay(kubectl, "production-argocd")
    asked = {one.environment["TIKA_URL"]["value"] for one in workloads(made) if one.name == "deploy-gate"}
    assert asked == {one.environment["TIKA_BASE_URL"]["value"] for one in workloads(made) if one.component == "web"}


def test_a_migration_that_is_there_already_does_not_stop_the_next() -> None:
    """A Job cannot be changed: it is made anew at each sync."""
    (job,) = [one for one in objects() if one["kind"] == "Job"]
    assert job["metadata"]["annotations"]["argocd.argoproj.io/hook-delete-policy"] == "BeforeHookCreation"


@pytest.mark.parametrize("name", APPLICATIONS)
def test_a_change_by_hand_is_set_back_as_the_guide_wants(name: str) -> None:
    spec = application(name)["spec"]
    assert spec["syncPolicy"]["automated"] == {"prune": True, "selfHeal": True}
    assert "CreateNamespace=true" in spec["syncPolicy"]["syncOptions"]
    assert spec["destination"] == {"server": "https://kubernetes.default.svc", "namespace": "tika"}
    labels = spec["syncPolicy"]["managedNamespaceMetadata"]["labels"]
    assert labels["pod-security.kubernetes.io/enforce"] == "restricted"


@pytest.mark.parametrize("name", APPLICATIONS)
def test_how_many_pods_there_are_is_not_set_back(name: str) -> None:
    """It is the autoscaler's and the rollout's to say."""
    said = application(name)["spec"]["ignoreDifferences"]
    ignored = {(one["kind"], *one.get("jsonPointers", []), *one.get("jqPathExpressions", [])) for one in said}
    assert ignored == {
        ("Deployment", "/spec/replicas"),
        ("Rollout", "/spec/replicas"),
        # A canary's share, which the rollout moves.
        ("HTTPRoute", ".spec.rules[].backendRefs[].weight"),
    }


@pytest.mark.parametrize("name", APPLICATIONS)
def test_the_folders_an_application_names_are_there(name: str) -> None:
    spec = application(name)["spec"]
    sources = spec.get("sources") or [spec["source"]]
    assert all((ROOT / source["path"]).is_dir() for source in sources)
    assert {source["repoURL"] for source in sources} <= set(PROJECT["spec"]["sourceRepos"])
    assert spec["project"] == PROJECT["metadata"]["name"]


def test_the_values_of_the_helm_application_are_ones_the_chart_takes() -> None:
    given = application("application-helm.yaml")["spec"]["sources"][1]["helm"]["valuesObject"]
    assert objects(given)
    # The gate stands beside the chart.
    assert application("application-helm.yaml")["spec"]["sources"][0]["path"] == "deploy/argocd"


def test_the_project_lets_in_what_there_is_and_no_object_of_the_cluster_but_the_namespace(kubectl: str) -> None:
    made = [one for values in SETS.values() for one in objects(values)] + overlay(kubectl, "production-argocd")
    spec = PROJECT["spec"]
    allowed = {(one["group"], one["kind"]) for one in spec["namespaceResourceWhitelist"]}
    assert spec["clusterResourceWhitelist"] == [{"group": "", "kind": "Namespace"}]
    used = {(one["apiVersion"].rpartition("/")[0], one["kind"]) for one in made if one["kind"] != "Namespace"}
    assert used <= allowed
    assert {kind for _, kind in allowed} & {"Secret", "Role", "RoleBinding", "ClusterRole"} == set()
