"""The overlays as kubectl builds them, and that they say what the chart says."""

from operator import itemgetter
from pathlib import Path
from typing import Any

import pytest

from tests.delivery.kubernetes import network, policy, schemas
from tests.delivery.kubernetes.chart import objects
from tests.delivery.kubernetes.found import Object, Workload, named, of_kind, workloads
from tests.delivery.kubernetes.generated import BACKUP, K8S, SCALED, everything
from tests.delivery.kubernetes.kustomize import OVERLAYS, overlay, with_component
from tests.delivery.kubernetes.test_chart import ADDED

EACH = pytest.mark.parametrize("name", OVERLAYS)
# What web can open at most is what it counts before it starts; one more pod is there while they are replaced.
SURGE = 1


def test_what_is_generated_is_as_new() -> None:
    """Else: bin/with-python requirements-delivery.lock -m tests.delivery.kubernetes.generated"""
    assert [path for path, text in everything() if not path.exists() or path.read_text("utf-8") != text] == []


def test_every_file_is_taken_by_somebody() -> None:
    for folder in (K8S / "base", *(K8S / "components").iterdir(), *(K8S / "overlays").iterdir()):
        taken = (folder / "kustomization.yaml").read_text("utf-8")
        files = {path.name for path in folder.glob("*.yaml")} - {"kustomization.yaml"}
        assert {name for name in files if name not in taken} == set(), folder


@EACH
def test_an_overlay_is_as_the_schemas_want_and_keeps_the_rules(name: str, kubectl: str) -> None:
    made = overlay(kubectl, name)
    wrong, unknown = schemas.faults(made)
    assert wrong == []
    assert unknown <= ADDED
    assert policy.faults([one for one in made if one["metadata"]["name"] != "deploy-gate"]) == []
    assert list(network.faults(made)) == []


@EACH
def test_an_overlay_says_one_address_in_every_place(name: str, kubectl: str) -> None:
    made = overlay(kubectl, name)
    hosts = {rule["host"] for one in of_kind(made, "Ingress") for rule in one["spec"]["rules"]}
    assert {host for one in of_kind(made, "Ingress") for tls in one["spec"]["tls"] for host in tls["hosts"]} == hosts
    ours = [one for one in workloads(made) if one.name.startswith("tika-")]
    for one in ours:
        (host,) = hosts
        assert one.environment["TIKA_BASE_URL"]["value"] == f"https://{host}", one
        assert one.environment["TIKA_ALLOWED_HOSTS"]["value"].split(",") == [host, "tika-web"], one
    assert len(ours) >= 5


@EACH
def test_an_overlay_is_all_in_its_namespace_which_is_restricted(name: str, kubectl: str) -> None:
    made = overlay(kubectl, name)
    (space,) = of_kind(made, "Namespace")
    assert {one["metadata"]["namespace"] for one in made if one["kind"] != "Namespace"} == {space["metadata"]["name"]}
    assert space["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"


@EACH
def test_web_counts_as_many_pods_as_the_autoscaler_may_make(name: str, kubectl: str) -> None:
    made = overlay(kubectl, name)
    most = named(made, "HorizontalPodAutoscaler", "tika-web")["spec"]["maxReplicas"]
    (web,) = [one for one in workloads(made) if one.name == "tika-web"]
    assert int(web.environment["TIKA_WEB_REPLICAS"]["value"]) == most + SURGE


def test_production_outlives_a_node_and_staging_is_small(kubectl: str) -> None:
    least = {
        name: named(overlay(kubectl, name), "HorizontalPodAutoscaler", "tika-web")["spec"]["minReplicas"]
        for name in OVERLAYS
    }
    assert least == {"staging": 2, "production": 3, "on-premises": 3, "production-argocd": 3}


def test_on_premises_everything_comes_from_the_sites_own_registry(kubectl: str) -> None:
    made = overlay(kubectl, "on-premises")
    assert {one.container["image"].partition("/")[0] for one in workloads(made)} == {"registry.internal:5000"}
    assert "amazonaws" not in str(made)
    assert "TIKA_BACKUP_URL" not in str(made)


def core(one: Workload) -> tuple[Any, ...]:
    """What no overlay may change."""
    pod, container = one.pod, one.container
    return (
        one.name,
        one.labels,
        pod["securityContext"],
        pod["serviceAccountName"],
        pod["automountServiceAccountToken"],
        pod["terminationGracePeriodSeconds"],
        container["securityContext"],
        container.get("command"),
        container.get("args"),
        *(container.get(name) for name in ("ports", "lifecycle", "startupProbe", "readinessProbe", "livenessProbe")),
    )


def same(one: Object) -> Object:
    """Of a network policy or a budget: everything but what only one of the two tools writes."""
    return {"spec": one["spec"], "name": one["metadata"]["name"]}


def test_kustomize_and_helm_make_the_same(kubectl: str) -> None:
    bucket = {"backup": BACKUP["backup"] | {"s3": {"url": "s3://tika-backups/production"}}}
    by_helm = objects(SCALED | bucket | {"monitoring": {"enabled": True}})
    by_kustomize = [one for one in overlay(kubectl, "production") if one["kind"] != "Namespace"]

    def names(made: list[Object]) -> set[tuple[str, str]]:
        return {(one["kind"], one["metadata"]["name"]) for one in made}

    assert names(by_kustomize) == names(by_helm)
    assert sorted(map(core, workloads(by_kustomize)), key=str) == sorted(map(core, workloads(by_helm)), key=str)
    for kind in ("NetworkPolicy", "PodDisruptionBudget", "Service"):
        one, other = (
            sorted(map(same, of_kind(made, kind)), key=itemgetter("name")) for made in (by_kustomize, by_helm)
        )
        assert one == other


@pytest.mark.parametrize("component", sorted(path.name for path in (K8S / "components").iterdir()))
def test_each_component_goes_with_staging(component: str, kubectl: str, tmp_path: Path) -> None:
    if component == "observability":
        made = overlay(kubectl, "staging")
    else:
        made = with_component(kubectl, "staging", component, tmp_path)
    wrong, unknown = schemas.faults(made)
    assert wrong == []
    assert unknown <= ADDED
    assert policy.faults(made) == []
    assert list(network.faults(made)) == []


@pytest.mark.parametrize("component", ["canary", "blue-green"])
def test_the_autoscaler_follows_web_to_its_rollout(component: str, kubectl: str, tmp_path: Path) -> None:
    made = with_component(kubectl, "production", component, tmp_path)
    target = named(made, "HorizontalPodAutoscaler", "tika-web")["spec"]["scaleTargetRef"]
    assert target == {"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": "tika-web"}
    assert "replicas" not in named(made, "Deployment", "tika-web")["spec"]
    rollout = named(made, "Rollout", "tika-web")["spec"]
    assert rollout["workloadRef"]["name"] == "tika-web"
    assert rollout["selector"] == named(made, "Deployment", "tika-web")["spec"]["selector"]
