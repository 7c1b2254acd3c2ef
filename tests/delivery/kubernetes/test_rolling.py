"""What the manifests promise of a rolling update, against what the processes themselves do and count."""

import re
from pathlib import Path

from observability import health
from tests.delivery.kubernetes.chart import objects
from tests.delivery.kubernetes.found import Workload, named, of_kind, workloads
from tests.delivery.kubernetes.generated import SCALED
from tests.delivery.kubernetes.value_sets import SETS
from tika import connections, worker
from tika.cli.environment import ROOT
from tika.live import server

MADE = objects(SCALED)
BY_COMPONENT = {one.component: one for one in workloads(MADE)}
# Until every proxy and every node has forgotten a pod.
FORGOTTEN = 5


def pause(one: Workload) -> int:
    return int(one.container["lifecycle"]["preStop"]["sleep"]["seconds"])


def grace(one: Workload) -> int:
    return int(one.pod["terminationGracePeriodSeconds"])


def gunicorn(setting: str) -> int:
    """Read, not imported: importing it makes the memory that its processes share."""
    found = re.search(rf"^{setting} = (\d+)$", Path(ROOT / "tika" / "gunicorn_web.py").read_text(), re.M)
    assert found
    return int(found[1])


def test_what_runs_has_the_time_it_takes() -> None:
    web, live, work = (BY_COMPONENT[name] for name in ("web", "live", "worker"))
    assert min(pause(web), pause(live)) >= FORGOTTEN
    assert pause(web) + gunicorn("graceful_timeout") < grace(web)
    assert pause(live) + server.GRACE_SECONDS * 2 < grace(live)
    assert grace(work) > worker.GRACE


def test_the_proxy_waits_as_long_as_web_keeps_a_connection() -> None:
    ingress = named(MADE, "Ingress", "tika")["metadata"]["annotations"]
    assert int(ingress["nginx.ingress.kubernetes.io/proxy-read-timeout"]) >= gunicorn("timeout")


def test_ready_is_answered_within_what_the_probe_waits() -> None:
    for name in ("web", "live"):
        probe = BY_COMPONENT[name].container["readinessProbe"]
        assert probe["timeoutSeconds"] > health.LIMIT
        # A database that is back is noticed within a quarter of a minute.
        assert probe["periodSeconds"] * probe.get("successThreshold", 1) <= 15


def test_the_first_start_waits_for_the_tables() -> None:
    probe = BY_COMPONENT["web"].container["startupProbe"]
    assert probe["httpGet"]["path"] == "/startupz"
    assert probe["periodSeconds"] * probe["failureThreshold"] >= 300


def test_streams_go_to_live_and_nothing_else_does() -> None:
    """By the path that `web` itself knows a stream by (tika.live.handover)."""
    rule = named(MADE, "Ingress", "tika-live")
    assert rule["metadata"]["annotations"]["nginx.ingress.kubernetes.io/use-regex"] == "true"
    assert rule["metadata"]["annotations"]["nginx.ingress.kubernetes.io/proxy-buffering"] == "off"
    path = re.compile("^" + rule["spec"]["rules"][0]["http"]["paths"][0]["path"])
    board = "01998a3e-0000-7000-8000-000000000000"
    for stream in (f"/api/boards/{board}/events", f"/acme/api/boards/{board}/events", "/ops/api/boards/b/events"):
        assert path.match(stream), stream
    for other in (f"/api/boards/{board}", f"/acme/boards/{board}/", "/api/boards", "/a/b/api/boards/x/events", "/"):
        assert not path.match(other), other
    assert named(objects(SETS["a gateway"]), "HTTPRoute", "tika")["spec"]["rules"][0]["timeouts"] == {"request": "0s"}


def test_a_page_and_its_scripts_come_from_one_version() -> None:
    """Their names hold a digest, so a pod of another version does not have them."""
    said = named(MADE, "Ingress", "tika")["metadata"]["annotations"]
    assert said["nginx.ingress.kubernetes.io/affinity"] == "cookie"
    assert said["nginx.ingress.kubernetes.io/affinity-canary-behavior"] == "sticky"


def test_the_connections_a_cluster_grants_hold_what_is_counted() -> None:
    """The chart adds up as tika.connections does; where it would not fit, the chart is not rendered."""
    values = SETS["a cluster of CloudNativePG"]
    made = objects(values)
    granted = int(named(made, "Cluster", "tika-db")["spec"]["postgresql"]["parameters"]["max_connections"])
    (web,) = [one for one in workloads(made) if one.component == "web"]
    told = {name: int(web.environment[f"TIKA_WEB_{name}"]["value"]) for name in ("WORKERS", "THREADS", "REPLICAS")}
    of_web = told["REPLICAS"] * told["WORKERS"] * (told["THREADS"] + connections.WEB_BESIDE)
    rest = 3 * connections.LIVE + 2 * connections.WORKER + connections.EXPORTER + connections.FREE
    assert of_web + rest < granted - 3


def test_live_is_scaled_by_what_it_counts() -> None:
    from observability.metrics.catalogue import STREAMS_OPEN

    metric = named(objects(SETS["scaled by open streams"]), "HorizontalPodAutoscaler", "tika-live")["spec"]["metrics"][
        0
    ]
    assert metric["pods"]["metric"]["name"] == STREAMS_OPEN.name
    assert metric["pods"]["target"] == {"type": "AverageValue", "averageValue": "2000"}


def test_every_setting_is_one_that_tika_reads() -> None:
    source = "\n".join(
        path.read_text("utf-8")
        for folder in ("tika", "tenancy", "observability", "boards", "audit", "backups")
        for path in (ROOT / folder).rglob("*.py")
    )
    told = {name for values in SETS.values() for one in workloads(objects(values)) for name in one.environment}
    # S3's and OpenTelemetry's own; the passwords that addresses are put together from.
    others = {name for name in told if name.startswith(("AWS_", "OTEL_", "PASSWORD_OF_"))}
    assert {name for name in told - others if f'"{name}"' not in source and "DATABASE_URL_" not in name} == set()


def test_metrics_are_fetched_of_each_pod_under_the_name_the_rules_use() -> None:
    made = objects(SETS["seen from outside"])
    monitor, service = named(made, "ServiceMonitor", "tika")["spec"], named(made, "Service", "tika-metrics")
    assert monitor["selector"]["matchLabels"].items() <= service["metadata"]["labels"].items()
    assert service["metadata"]["labels"][monitor["jobLabel"]] == "tika"
    assert monitor["endpoints"][0]["port"] in {port["name"] for port in service["spec"]["ports"]}
    fetched = {one.component for one in workloads(made) if service["spec"]["selector"].items() <= one.labels.items()}
    assert fetched == {"web", "live", "worker", "exporter"}
    rules = of_kind(made, "PrometheusRule")[0]["spec"]["groups"]
    named_so = {rule.get("alert") or rule.get("record") for group in rules for rule in group["rules"]}
    assert {"TikaErrorBudgetBurnFast", "TikaDown", "slo:sli_error:ratio_rate5m"} <= named_so
