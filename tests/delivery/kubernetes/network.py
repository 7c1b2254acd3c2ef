"""What the network policies let through, as an enforcing network would: nothing that no policy names."""

from collections.abc import Iterator

from tests.delivery.kubernetes.found import Object, Workload, of_kind, selects, workloads

EGRESS, INGRESS = "Egress", "Ingress"
# Where what a setting names listens.
OUT = {
    "EMAIL_URL": {465, 587},
    "SENTRY_DSN": {443},
    "REDIS_URL": {6379, 6380},
    "OTEL_EXPORTER_OTLP_ENDPOINT": {4318},
    "TIKA_BACKUP_URL": {443},
}
OF_DATABASE = {"web", "live", "worker", "exporter", "migrate", "backup"}


def faults(objects: list[Object]) -> Iterator[str]:
    policies = of_kind(objects, "NetworkPolicy")
    for one in workloads(objects):
        if one.labels.get("app.kubernetes.io/name") != "tika":
            continue
        for direction in (EGRESS, INGRESS):
            if not any(direction in policy["spec"]["policyTypes"] for policy in about(policies, one.labels)):
                yield f"{one} is open: no policy covers its {direction}"
        if one.component in OF_DATABASE and not {5432, 6432} & ports(policies, one.labels, EGRESS):
            yield f"{one} cannot reach the database"
        yield from out_of(one, ports(policies, one.labels, EGRESS))
        if 53 not in ports(policies, one.labels, EGRESS):
            yield f"{one} cannot look up a name"
        for port in one.container.get("ports", []):
            if port["containerPort"] not in ports(policies, one.labels, INGRESS):
                yield f"nobody may ask {one} at {port['name']}"
    yield from metrics_from_outside(policies)


def out_of(one: Workload, opened: set[int]) -> Iterator[str]:
    """web uses whatever it is told of; the others are told some of it too and use less."""
    wanted = {"web": OUT.keys(), "backup": {"TIKA_BACKUP_URL"}}.get(one.component, set())
    for name in wanted & one.environment.keys():
        if not OUT[name] & opened:
            yield f"{one} cannot reach what {name} names"


def metrics_from_outside(policies: list[Object]) -> Iterator[str]:
    for policy in policies:
        for rule in policy["spec"].get("ingress", []):
            numbers = {port["port"] for port in rule["ports"]}
            if 9100 in numbers and (len(numbers) > 1 or not rule["from"] or {} in rule["from"]):
                yield f"{policy['metadata']['name']} lets more than who watches fetch metrics"


def about(policies: list[Object], labels: dict[str, str]) -> list[Object]:
    return [policy for policy in policies if selects(policy["spec"]["podSelector"], labels)]


def ports(policies: list[Object], labels: dict[str, str], direction: str) -> set[int]:
    """All that some policy opens for pods of these labels."""
    return {
        port["port"]
        for policy in about(policies, labels)
        for rule in policy["spec"].get(direction.lower(), [])
        for port in rule.get("ports", [])
    }
