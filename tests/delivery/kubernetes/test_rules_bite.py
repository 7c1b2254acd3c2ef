"""The rules themselves: each fault that they are there for, made on purpose, is found and said."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.delivery.kubernetes import network, policy, schemas
from tests.delivery.kubernetes.chart import objects
from tests.delivery.kubernetes.found import named, of_kind
from tests.delivery.kubernetes.generated import SCALED

Made = list[dict[str, Any]]


def web(made: Made) -> dict[str, Any]:
    return dict(named(made, "Deployment", "tika-web"))["spec"]["template"]["spec"]  # type: ignore[no-any-return]


def container(made: Made) -> dict[str, Any]:
    return web(made)["containers"][0]  # type: ignore[no-any-return]


def hpa(made: Made) -> dict[str, Any]:
    return named(made, "HorizontalPodAutoscaler", "tika-web")["spec"]  # type: ignore[no-any-return]


def pdb(made: Made) -> dict[str, Any]:
    return named(made, "PodDisruptionBudget", "tika-web")["spec"]  # type: ignore[no-any-return]


def dropped(made: Made, kind: str, name: str) -> None:
    made.remove(named(made, kind, name))


def memory_metric() -> dict[str, Any]:
    return {
        "type": "Resource",
        "resource": {"name": "memory", "target": {"type": "Utilization", "averageUtilization": 80}},
    }


def secret() -> dict[str, str]:
    return {"name": "TIKA_SECRET_KEY", "value": "hunter2"}


BROKEN: dict[str, Callable[[Made], Any]] = {
    "may be root": lambda made: web(made)["securityContext"].update(runAsUser=0),
    "has no seccomp profile": lambda made: web(made)["securityContext"].pop("seccompProfile"),
    "has an account's token": lambda made: web(made).pop("automountServiceAccountToken"),
    "may gain privileges": lambda made: container(made)["securityContext"].pop("allowPrivilegeEscalation"),
    "has capabilities": lambda made: container(made)["securityContext"]["capabilities"].update(add=["NET_ADMIN"]),
    "can write into its image": lambda made: container(made)["securityContext"].update(readOnlyRootFilesystem=False),
    "mounts hostPath": lambda made: web(made)["volumes"].append({"name": "x", "hostPath": {"path": "/"}}),
    "has no limits of memory": lambda made: container(made)["resources"]["limits"].pop("memory"),
    "may fill its node": lambda made: web(made)["volumes"].append({"name": "x", "emptyDir": {}}),
    "runs whatever": lambda made: container(made).update(image="registry.example.com/tika:latest"),
    "shows the value of TIKA_SECRET_KEY": lambda made: container(made)["env"].append(secret()),
    "shows the value of SOME_PROXY": lambda made: container(made)["env"].append(
        {"name": "SOME_PROXY", "value": "http://user:word@proxy"}
    ),
    "has no livenessProbe": lambda made: container(made).pop("livenessProbe"),
    # Research trap T9: one question for both.
    "would be restarted for a database": lambda made: container(made)["livenessProbe"]["httpGet"].update(
        path="/api/health"
    ),
    "by a name that it does not answer to": lambda made: container(made)["readinessProbe"]["httpGet"].pop(
        "httpHeaders"
    ),
    "goes before the next one is ready": lambda made: named(made, "Deployment", "tika-web")["spec"].pop("strategy"),
    "stops while it is still sent requests": lambda made: container(made).pop("lifecycle"),
    "is killed before what runs has ended": lambda made: web(made).update(terminationGracePeriodSeconds=10),
    "may stand on one node alone": lambda made: web(made)["topologySpreadConstraints"].pop(),
    "has its number said twice": lambda made: named(made, "Deployment", "tika-web")["spec"].update(replicas=3),
    "leaves one alone": lambda made: hpa(made).update(minReplicas=1),
    # T11
    "goes by memory": lambda made: hpa(made)["metrics"].append(memory_metric()),
    "scales nothing": lambda made: hpa(made)["scaleTargetRef"].update(name="tika-api"),
    # T10, as the guide wrote it.
    "block the draining of a node": lambda made: (pdb(made).pop("maxUnavailable"), pdb(made).update(minAvailable=2)),
    "keeps pods on a node that are ill": lambda made: pdb(made).pop("unhealthyPodEvictionPolicy"),
    "may be drained away whole": lambda made: dropped(made, "PodDisruptionBudget", "tika-web"),
    "leads nowhere": lambda made: named(made, "Service", "tika-web")["spec"]["selector"].update(app="other"),
    "offers metrics to who was not meant": lambda made: named(made, "Service", "tika-metrics")["spec"].pop("clusterIP"),
    "whom nobody makes": lambda made: dropped(made, "ServiceAccount", "tika"),
}
OPEN: dict[str, Callable[[Made], Any]] = {
    "is open": lambda made: dropped(made, "NetworkPolicy", "tika-default-deny"),
    "cannot reach the database": lambda made: dropped(made, "NetworkPolicy", "tika-database"),
    "cannot look up a name": lambda made: dropped(made, "NetworkPolicy", "tika-names"),
    "nobody may ask Deployment tika-live at http": lambda made: dropped(made, "NetworkPolicy", "tika-live"),
    "more than who watches": lambda made: named(made, "NetworkPolicy", "tika-web")["spec"]["ingress"][0][
        "ports"
    ].append({"protocol": "TCP", "port": 9100}),
}


@pytest.mark.parametrize(("said", "breaks"), BROKEN.items(), ids=BROKEN)
def test_a_fault_is_found_and_said(said: str, breaks: Callable[[Made], Any]) -> None:
    made = objects(SCALED)
    breaks(made)
    found = policy.faults(made)
    assert any(said in fault for fault in found), found


@pytest.mark.parametrize(("said", "breaks"), OPEN.items(), ids=OPEN)
def test_a_hole_in_the_network_is_found_and_said(said: str, breaks: Callable[[Made], Any]) -> None:
    made = objects()
    breaks(made)
    found = list(network.faults(made))
    assert any(said in fault for fault in found), found


def test_mail_that_cannot_leave_is_found_and_said() -> None:
    made = objects({"mail": {"enabled": True, "from": "Tika <tika@example.com>"}})
    dropped(made, "NetworkPolicy", "tika-mail")
    assert list(network.faults(made)) == ["Deployment tika-web cannot reach what EMAIL_URL names"]


def test_a_slip_of_the_pen_is_found_by_the_schema() -> None:
    made = objects()
    pdb(made)["maxUnavailabel"] = pdb(made).pop("maxUnavailable")
    hosts = of_kind(made, "Ingress")[0]["spec"]
    hosts["ingressClass"] = "nginx"
    assert len(schemas.faults(made)[0]) == 2
