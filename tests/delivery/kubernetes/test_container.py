"""The image run as the manifests say, by a real Docker Engine: there is no cluster, but this much of one."""

import socket
import time
from collections.abc import Iterator

import pytest

from tests.delivery import bases
from tests.delivery.engine import Engine
from tests.delivery.kubernetes.chart import objects
from tests.delivery.kubernetes.container import DATA, DATABASE, NETWORK, Pod, until
from tests.delivery.kubernetes.found import workloads

PASSWORD = "chosen-for-this-test"
ROLES = {"DATABASE_URL": "app", "DATABASE_URL_WORKER": "worker", "DATABASE_URL_MIGRATOR": "migrator"}
SECRETS = {name: f"postgres://tika_{role}:{PASSWORD}@{DATABASE}:5432/tika" for name, role in ROLES.items()}
SECRETS |= {"TIKA_SECRET_KEY": "k" * 50}
SUPERUSER = f"postgres://postgres:{PASSWORD}@{DATABASE}:5432/postgres"
PROCESSES = ("web", "live", "worker", "exporter")


def alive(pods: dict[str, Pod]) -> dict[str, bool]:
    return {name: pod.probe("livenessProbe") for name, pod in pods.items()}


@pytest.fixture(scope="module")
def database(engine: Engine, image: str) -> Iterator[str]:
    """PostgreSQL with Tika's roles, as somebody else's server would be."""
    engine.docker("network", "create", NETWORK)
    engine.docker("volume", "create", DATA)
    own = ["--name", DATABASE, "--network", NETWORK, "--env", f"POSTGRES_PASSWORD={PASSWORD}", bases.POSTGRES]
    try:
        engine.docker("run", "--detach", *own, "postgres", "-c", "unix_socket_directories=/tmp")
        told = [
            part
            for pair in (SECRETS | {"DATABASE_URL_SUPERUSER": SUPERUSER}).items()
            for part in ("--env", "=".join(pair))
        ]
        deadline = time.monotonic() + 60
        while (
            done := engine.docker("run", "--rm", "--network", NETWORK, *told, image, "roles", check=False)
        ).returncode:
            assert time.monotonic() < deadline, done.stderr
            time.sleep(1)
        # As fsGroup would: the volume is the group's that the pods run as.
        engine.docker(
            "run", "--rm", "--user=0", "--entrypoint=chown", "--volume", f"{DATA}:/data", image, "10001:10001", "/data"
        )
        yield DATABASE
    finally:
        engine.docker("rm", "--force", "--volumes", DATABASE, check=False)
        engine.docker("network", "rm", NETWORK, check=False)
        engine.docker("volume", "rm", DATA, check=False)


@pytest.fixture(scope="module")
def pods(engine: Engine, image: str, database: str) -> Iterator[dict[str, Pod]]:
    """Each process, after the migrations; all of them ready."""
    known = {one.component: Pod(engine, image, one, SECRETS) for one in workloads(objects())}
    made = {name: known[name] for name in PROCESSES}
    try:
        known["migrate"].run()
        for pod in made.values():
            pod.run()
        for pod in made.values():
            until(lambda pod=pod: pod.probe("startupProbe"), pod)  # type: ignore[misc]
            until(lambda pod=pod: pod.probe("readinessProbe"), pod)  # type: ignore[misc]
        yield made
    finally:
        for pod in (*made.values(), known["migrate"]):
            engine.docker("rm", "--force", "--volumes", pod.name, check=False)


def test_every_process_starts_and_passes_its_probes(pods: dict[str, Pod]) -> None:
    assert alive(pods) == dict.fromkeys(PROCESSES, True)


def test_by_the_pods_address_alone_nobody_is_answered(pods: dict[str, Pod]) -> None:
    """Why the probes name a host; the answer to a stranger's name is the same."""
    assert pods["web"].ask("/accounts/login/", "http") == 400
    assert pods["web"].ask("/accounts/login/", "http", "Host", "tika.example.com") == 200


def test_every_pod_hands_out_its_numbers(pods: dict[str, Pod]) -> None:
    assert {name: pod.ask("/metrics", "metrics") for name, pod in pods.items()} == dict.fromkeys(PROCESSES, 200)


def test_live_asks_who_wants_a_stream(pods: dict[str, Pod]) -> None:
    stream = "/api/boards/01998a3e-0000-7000-8000-000000000000/events"
    assert pods["live"].ask(stream, "http", "Host", "tika.example.com") == 401


def test_nothing_is_written_but_where_the_manifest_says(engine: Engine, pods: dict[str, Pod]) -> None:
    for pod in pods.values():
        assert engine.docker("exec", pod.name, "touch", "/opt/tika/x", check=False).returncode != 0
        assert engine.docker("exec", pod.name, "touch", "/run/tika/x").returncode == 0
        assert engine.docker("exec", pod.name, "id", "-u").stdout.strip() == "10001"
    assert engine.docker("exec", pods["exporter"].name, "touch", "/data/x", check=False).returncode != 0


def test_a_database_that_is_away_restarts_nothing_and_is_noticed_when_it_is_back(
    engine: Engine, pods: dict[str, Pod], database: str
) -> None:
    before = {name: pod.state()["Pid"] for name, pod in pods.items()}
    engine.docker("stop", "--time=5", database)
    try:
        until(lambda: not pods["web"].probe("readinessProbe"), pods["web"])
        # For longer than the worker waits before it tries again.
        for _ in range(4):
            assert alive(pods) == dict.fromkeys(PROCESSES, True)
            time.sleep(1)
    finally:
        engine.docker("start", database)
    for name in ("web", "live"):
        until(lambda name=name: pods[name].probe("readinessProbe"), pods[name])  # type: ignore[misc]
    assert {name: pod.state()["Pid"] for name, pod in pods.items()} == before


def test_memory_is_below_what_is_requested_at_rest(engine: Engine, pods: dict[str, Pod]) -> None:
    """A pod above its request is the first to go where a node runs out."""
    form = "{{.Name}} {{.MemUsage}}"
    said = engine.docker("stats", "--no-stream", "--format", form, *(pod.name for pod in pods.values())).stdout
    used = {line.split()[0]: line.split()[1] for line in said.splitlines()}
    print(used)
    for pod in pods.values():
        request = int(pod.workload.container["resources"]["requests"]["memory"].removesuffix("Mi"))
        number, unit = used[pod.name][:-3], used[pod.name][-3:]
        assert unit == "MiB"
        assert float(number) <= request, used


def test_what_runs_when_a_pod_is_asked_to_stop_is_answered(engine: Engine, pods: dict[str, Pod]) -> None:
    """A form that is still on its way: the rest of it comes after the signal."""
    web = pods["web"]
    head = "POST /accounts/login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\n"
    head += "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
    with socket.create_connection((engine.address, web.published("http")), timeout=60) as client:
        client.sendall(head.encode() + b"a=1234567&")
        # It is read by then, and waited for.
        time.sleep(3)
        engine.docker("kill", "--signal=TERM", web.name)
        time.sleep(2)
        client.sendall(b"b=12345678")
        assert client.recv(64).startswith(b"HTTP/1.1 403 ")


def test_each_ends_by_itself_within_its_grace(engine: Engine, pods: dict[str, Pod]) -> None:
    """The last, for afterwards they are gone. What remains of the grace when the pause before it is over."""
    for pod in pods.values():
        pause = pod.workload.container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        left = pod.workload.pod["terminationGracePeriodSeconds"] - pause
        engine.docker("stop", f"--time={left}", pod.name)
        state = pod.state()
        assert (state["OOMKilled"], state["ExitCode"]) == (False, 0), (pod.name, pod.logs())
