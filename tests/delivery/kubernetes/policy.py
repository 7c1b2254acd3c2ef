"""What Tika demands of every manifest, whoever rendered it: each function yields a sentence for each fault."""

import re
from collections.abc import Callable, Iterator

from tests.delivery.kubernetes.found import Object, Workload, of_kind, selects, workloads

SECRETS = re.compile(r"PASSWORD|SECRET|TOKEN|^DATABASE_URL|^EMAIL_URL$|^SENTRY_DSN$|^REDIS_URL$|_KEY$|ACCESS_KEY")
# An address whose password is another variable's says nothing.
COMPOSED = re.compile(r"postgres://tika_\w+:\$\(PASSWORD_OF_\w+\)@[\w.-]+:\d+/\w+\?sslmode=(require|disable)")
VOLUMES = {"configMap", "emptyDir", "persistentVolumeClaim", "projected", "secret"}
Faults = Iterator[str]


def restricted(one: Workload) -> Faults:
    """Kubernetes' pod security standard of that name, and what Tika adds to it."""
    pod, user = one.pod, one.pod.get("securityContext", {})
    if pod.get("automountServiceAccountToken") is not False:
        yield "has an account's token"
    if any(pod.get(name) for name in ("hostNetwork", "hostPID", "hostIPC")):
        yield "shares something of its node"
    if user.get("runAsNonRoot") is not True or user.get("runAsUser", 0) < 10001:
        yield "may be root, or a user of the node's"
    if user.get("seccompProfile") != {"type": "RuntimeDefault"}:
        yield "has no seccomp profile"
    if strange := {kind for volume in pod.get("volumes", []) for kind in volume if kind != "name"} - VOLUMES:
        yield f"mounts {', '.join(sorted(strange))}"
    for container in [*pod["containers"], *pod.get("initContainers", [])]:
        may = container.get("securityContext", {})
        if may.get("allowPrivilegeEscalation") is not False:
            yield "may gain privileges"
        if may.get("capabilities") != {"drop": ["ALL"]}:
            yield "has capabilities"
        if may.get("readOnlyRootFilesystem") is not True:
            yield "can write into its image"


def bounded(one: Workload) -> Faults:
    resources = one.container.get("resources", {})
    for kind, wanted in (("requests", {"cpu", "memory"}), ("limits", {"memory"})):
        if missing := wanted - set(resources.get(kind, {})):
            yield f"has no {kind} of {', '.join(sorted(missing))}"
    for volume in one.pod.get("volumes", []):
        if "emptyDir" in volume and "sizeLimit" not in volume["emptyDir"]:
            yield f"may fill its node by the volume {volume['name']}"


def fixed(one: Workload) -> Faults:
    image = one.container["image"]
    name, _, digest = image.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2]
    if not digest and tag in {"", "latest"}:
        yield f"runs whatever {image} is"


def discreet(one: Workload) -> Faults:
    for name, entry in one.environment.items():
        value = entry.get("value")
        if not value or not (SECRETS.search(name) or re.search(r"://[^/\s]*:[^/\s]*@", value)):
            continue
        if not COMPOSED.fullmatch(value) and not name.endswith("_FILE"):
            yield f"shows the value of {name}"


def watched(one: Workload) -> Faults:
    if not one.serves:
        return
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        if probe not in one.container:
            yield f"has no {probe}"
    alive = one.container.get("livenessProbe", {})
    asked = alive.get("httpGet", {}).get("path") or " ".join(alive.get("exec", {}).get("command", []))
    if asked in {"/readyz", "/api/health", "/startupz"} or "--ready" in asked:
        yield "would be restarted for a database that is away"
    for name in ("startupProbe", "readinessProbe", "livenessProbe"):
        get = one.container.get(name, {}).get("httpGet")
        if get and get["port"] == "http" and {"name": "Host", "value": "localhost"} not in get.get("httpHeaders", []):
            yield f"is asked by a name that it does not answer to ({name})"


def replaced(one: Workload) -> Faults:
    """Without a request lost: the new one first, and time for what runs."""
    if one.component == "backup" and one.spec.get("strategy") != {"type": "Recreate"}:
        yield "may be there twice, and the database sends the log to one"
    if not one.serves or one.component == "backup":
        return
    if one.spec.get("strategy", {}).get("rollingUpdate", {}).get("maxUnavailable") != 0:
        yield "goes before the next one is ready"
    if one.component not in {"web", "live"}:
        return
    pause = one.container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
    if pause < 5:
        yield "stops while it is still sent requests"
    if one.pod.get("terminationGracePeriodSeconds", 0) < pause + 10:
        yield "is killed before what runs has ended"
    keys = {spread["topologyKey"] for spread in one.pod.get("topologySpreadConstraints", [])}
    if keys != {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}:
        yield "may stand on one node alone"


OF_WORKLOADS: tuple[Callable[[Workload], Faults], ...] = (restricted, bounded, fixed, discreet, watched, replaced)


def scaled(objects: list[Object]) -> Faults:
    targets = {(o["spec"]["scaleTargetRef"]["kind"], o["spec"]["scaleTargetRef"]["name"]): o for o in hpas(objects)}
    for (kind, name), hpa in targets.items():
        # A Rollout takes the place of the Deployment that is named as it is.
        scaled_here = [one for one in of_kind(objects, "Deployment", "Rollout") if one["metadata"]["name"] == name]
        if kind not in {one["kind"] for one in scaled_here}:
            yield f"HorizontalPodAutoscaler {name} scales nothing"
        if any("replicas" in one["spec"] for one in scaled_here):
            yield f"{name} has its number said twice, and the autoscaler's is set back at each deployment"
        if hpa["spec"]["minReplicas"] < 2:
            yield f"HorizontalPodAutoscaler {name} leaves one alone"
        if any(metric.get("resource", {}).get("name") == "memory" for metric in hpa["spec"]["metrics"]):
            yield f"HorizontalPodAutoscaler {name} goes by memory, which never comes back"


def hpas(objects: list[Object]) -> list[Object]:
    return of_kind(objects, "HorizontalPodAutoscaler")


def drained(objects: list[Object]) -> Faults:
    known = list(workloads(objects))
    budgets = of_kind(objects, "PodDisruptionBudget")
    for budget in budgets:
        spec, name = budget["spec"], budget["metadata"]["name"]
        if spec.get("maxUnavailable") != 1 or "minAvailable" in spec:
            yield f"PodDisruptionBudget {name} may block the draining of a node for ever"
        if spec.get("unhealthyPodEvictionPolicy") != "AlwaysAllow":
            yield f"PodDisruptionBudget {name} keeps pods on a node that are ill"
        if not any(selects(spec["selector"], one.labels) for one in known):
            yield f"PodDisruptionBudget {name} is for nothing"
    for one in known:
        if one.component in {"web", "live", "worker"} and not any(
            selects(budget["spec"]["selector"], one.labels) for budget in budgets
        ):
            yield f"{one} may be drained away whole"


def reached(objects: list[Object]) -> Faults:
    """Services lead to pods, ingresses to services, and neither to metrics."""
    known, services = list(workloads(objects)), of_kind(objects, "Service")
    for service in services:
        name, ports = service["metadata"]["name"], service["spec"]["ports"]
        behind = [one for one in known if selects({"matchLabels": service["spec"]["selector"]}, one.labels)]
        if not behind:
            yield f"Service {name} leads nowhere"
        for one in behind:
            offered = {port["name"] for port in one.container.get("ports", [])}
            if wrong := {port["targetPort"] for port in ports} - offered:
                yield f"Service {name} asks {one} at {', '.join(wrong)}"
        if any(port["targetPort"] == "metrics" for port in ports) and service["spec"].get("clusterIP") != "None":
            yield f"Service {name} offers metrics to who was not meant"
    names = {service["metadata"]["name"] for service in services}
    for ingress in of_kind(objects, "Ingress"):
        for rule in ingress["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                if (backend := path["backend"]["service"])["name"] not in names or backend["port"] != {"name": "http"}:
                    yield f"Ingress {ingress['metadata']['name']} leads to {backend}"


def accounted(objects: list[Object]) -> Faults:
    accounts = {one["metadata"]["name"] for one in of_kind(objects, "ServiceAccount")}
    for one in workloads(objects):
        if (name := one.pod.get("serviceAccountName", "default")) not in accounts | {"default"}:
            yield f"{one} runs as {name}, whom nobody makes"
    for account in of_kind(objects, "ServiceAccount"):
        if account.get("automountServiceAccountToken") is not False:
            yield f"ServiceAccount {account['metadata']['name']} hands out a token"


OF_ALL: tuple[Callable[[list[Object]], Faults], ...] = (scaled, drained, reached, accounted)


def faults(objects: list[Object]) -> list[str]:
    found = [f"{one} {fault}" for one in workloads(objects) for check in OF_WORKLOADS for fault in check(one)]
    return found + [fault for check in OF_ALL for fault in check(objects)]
