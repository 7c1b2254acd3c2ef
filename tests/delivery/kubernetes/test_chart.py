"""The chart under Helm's own engine: what it makes of the values people write, and what it refuses."""

from pathlib import Path
from typing import Any

import helm_python
import pytest

from tests.delivery.kubernetes import network, policy, schemas
from tests.delivery.kubernetes.chart import CHART, objects, rendered, texts
from tests.delivery.kubernetes.found import named, of_kind, workloads
from tests.delivery.kubernetes.value_sets import REFUSED, SETS

# Kinds that operators add to a cluster; test_added_kinds.py knows their schemas.
ADDED = {"AnalysisTemplate", "Cluster", "HTTPRoute", "Pooler", "PrometheusRule", "Rollout", "ServiceMonitor"}
EACH = pytest.mark.parametrize("values", SETS.values(), ids=SETS)


@EACH
def test_every_object_is_as_its_schema_wants(values: dict[str, Any]) -> None:
    wrong, unknown = schemas.faults(objects(values))
    assert wrong == []
    assert unknown <= ADDED


@pytest.mark.parametrize("version", schemas.ENDS)
def test_the_oldest_and_the_newest_kubernetes_know_it(version: str) -> None:
    for values in (SETS["production"], SETS["scaled by open streams"]):
        assert schemas.faults(objects(values), version)[0] == []


@EACH
def test_every_object_keeps_the_rules(values: dict[str, Any]) -> None:
    made = objects(values)
    assert policy.faults(made) == []
    if of_kind(made, "NetworkPolicy"):
        assert list(network.faults(made)) == []
    else:
        assert values["networkPolicy"] == {"enabled": False}


@EACH
def test_helm_finds_nothing_to_note(values: dict[str, Any]) -> None:
    said = helm_python.lint(str(CHART), values, strict=True, kube_version="1.32.0")
    assert said["errors"] == []
    # A picture of it belongs to a gallery of charts.
    assert [one for one in said["messages"] if "icon is recommended" not in one["error"]] == []


@pytest.mark.parametrize(("values", "named_as"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_value_is_refused_by_its_name(values: dict[str, Any], named_as: str) -> None:
    with pytest.raises(helm_python.HelmError, match=named_as.replace("/", r"\/")):
        texts(values)


@EACH
def test_rendered_again_it_is_the_same(values: dict[str, Any]) -> None:
    """No dice are rolled for anything, so an upgrade without a change changes nothing."""
    before = texts(values)
    rendered.cache_clear()
    assert texts(values) == before


def test_migrations_run_beside_the_first_install_and_before_an_upgrade() -> None:
    """As a hook of the first install they would wait for pods that wait for them (helm --wait)."""
    first, later = (named(objects(upgrade=upgrade), "Job", "tika-migrate") for upgrade in (False, True))
    assert not any(key.startswith("helm.sh/hook") for key in first["metadata"]["annotations"])
    assert later["metadata"]["annotations"]["helm.sh/hook"] == "pre-upgrade"
    assert later["metadata"]["annotations"]["helm.sh/hook-delete-policy"] == "before-hook-creation"


@EACH
def test_migrations_need_nothing_that_an_upgrade_brings_later(values: dict[str, Any]) -> None:
    """A hook runs before the release's other objects: only what the last release left is there."""
    (job,) = [one for one in workloads(objects(values, upgrade=True)) if one.component == "migrate"]
    assert {kind for volume in job.pod["volumes"] for kind in volume} == {"name", "emptyDir"}
    assert "envFrom" not in job.container
    assert {source for entry in job.environment.values() for source in entry.get("valueFrom", {})} == {"secretKeyRef"}


@EACH
def test_a_process_is_given_its_own_role_and_no_other(values: dict[str, Any]) -> None:
    for one in workloads(objects(values)):
        given = {name for name in one.environment if name.startswith(("DATABASE_URL_", "PASSWORD_OF_"))}
        roles = {name.rpartition("_")[2] for name in given} - {"DIRECT"}
        own = {"worker": {"WORKER"}, "migrate": {"MIGRATOR"}, "backup": {"WORKER", "BACKUP"}}.get(one.component, set())
        assert roles - {"APP"} == own, one


def test_no_image_is_of_a_chart_of_somebody_elses() -> None:
    """Bitnami's were moved and are paid for now (research trap T13): there is no subchart, and one image."""
    assert not (CHART / "charts").exists()
    assert "dependencies" not in (CHART / "Chart.yaml").read_text()
    for values in SETS.values():
        images = {one.container["image"] for one in workloads(objects(values))}
        assert len(images) == 1, images
        assert "bitnami" not in str(images)


def test_a_site_without_internet_names_its_own_registry_and_no_other() -> None:
    made = objects(SETS["a site without internet"])
    assert {one.container["image"] for one in workloads(made)} == {"registry.internal:5000/tika/tika:0.1.0"}
    assert all(one.pod["imagePullSecrets"] == [{"name": "registry-internal"}] for one in workloads(made))
    assert "example.com" not in str(made)


def test_what_people_have_is_kept_when_a_release_goes() -> None:
    for values in SETS.values():
        for one in of_kind(objects(values), "PersistentVolumeClaim", "Cluster"):
            assert one["metadata"]["annotations"]["helm.sh/resource-policy"] == "keep"


def test_what_a_person_reads_after_the_install_names_what_is_missing() -> None:
    said = texts(SETS["nothing is kept"])["NOTES.txt"]
    assert "attachments are lost" in said
    assert "Nothing here makes backups" in said
    assert "ATTENTION" not in texts(SETS["production"])["NOTES.txt"]


def test_the_archive_holds_the_rules(tmp_path: Path) -> None:
    """In the tree they are a link to deploy/prometheus; a chart that was packed has them in itself."""
    packed = helm_python.package(str(CHART), destination=str(tmp_path))
    with helm_python.Chart.load(str(next(tmp_path.glob("*.tgz")))) as chart:
        made = chart.render({"monitoring": {"enabled": True}}, name="tika", namespace="tika")
    assert "TikaErrorBudgetBurnFast" in next(text for path, text in made.items() if path.endswith("monitoring.yaml"))
    assert packed
