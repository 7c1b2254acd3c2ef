"""What is looked for in manifests: workloads with their pods, and what selects what."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Object = dict[str, Any]
PODS = {"Deployment", "StatefulSet", "DaemonSet", "Job"}


@dataclass(frozen=True)
class Workload:
    """`labels` are those of its pods."""

    kind: str
    name: str
    spec: Object
    labels: dict[str, str]
    pod: Object

    @property
    def component(self) -> str:
        return self.labels.get("app.kubernetes.io/component", self.name)

    @property
    def container(self) -> Object:
        (only,) = self.pod["containers"]
        return dict(only)

    @property
    def environment(self) -> dict[str, Object]:
        return {entry["name"]: entry for entry in self.container.get("env", [])}

    @property
    def serves(self) -> bool:
        """Goes on until it is stopped."""
        return self.kind == "Deployment"

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


def workloads(objects: list[Object]) -> Iterator[Workload]:
    for one in objects:
        spec = one.get("spec", {})
        if one["kind"] == "CronJob":
            spec = spec["jobTemplate"]["spec"]
        elif one["kind"] not in PODS:
            continue
        template = spec["template"]
        labels = template.get("metadata", {}).get("labels", {})
        yield Workload(one["kind"], one["metadata"]["name"], spec, labels, template["spec"])


def of_kind(objects: list[Object], *kinds: str) -> list[Object]:
    return [one for one in objects if one["kind"] in kinds]


def named(objects: list[Object], kind: str, name: str) -> Object:
    (only,) = [one for one in of_kind(objects, kind) if one["metadata"]["name"] == name]
    return only


def selects(selector: Object, labels: dict[str, str]) -> bool:
    """As a LabelSelector does: {} selects everything."""
    wanted = selector.get("matchLabels", {})
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    for expression in selector.get("matchExpressions", []):
        if expression["operator"] != "In":
            raise NotImplementedError(expression["operator"])
        if labels.get(expression["key"]) not in expression["values"]:
            return False
    return True
