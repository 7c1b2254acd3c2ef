"""A Docker Engine of Debian's in a network namespace of its own: it shares no port, bridge or rule with the machine,
and goes without a trace.

Containers' published ports are reached at `Engine.address`, whatever listens on the machine itself.
"""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.tools import apt_install

# Debian's, not a newer client that may stand before it on the PATH: that one builds only with a plugin.
DOCKER, COMPOSE = "/usr/bin/docker", "/usr/bin/docker-compose"
PACKAGES = ("docker.io", "docker-compose", "mmdebstrap", "iproute2", "iptables")
PATIENCE = 40.0
PREFIX = "tika"


@dataclass(frozen=True)
class Engine:
    folder: str
    address: str
    namespace: str

    @property
    def outside(self) -> str:
        """This machine, as a container sees it that has a way out."""
        return re.sub(r"\d+$", "1", self.address)

    @property
    def environ(self) -> dict[str, str]:
        host = {
            "DOCKER_HOST": f"unix://{self.folder}/docker.sock",
            "DOCKER_BUILDKIT": "1",
            "COMPOSE_DOCKER_CLI_BUILD": "1",
        }
        return {**os.environ, **host, "PATH": f"/usr/bin:{os.environ['PATH']}"}

    def docker(self, *arguments: str, check: bool = True, **more: Any) -> "subprocess.CompletedProcess[str]":
        return run([DOCKER, *arguments], self.environ, check=check, **more)

    def inspect(self, what: str, form: str) -> str:
        return self.docker("inspect", "--format", form, what).stdout.strip()

    def build(self, folder: Path, tag: str, *arguments: str) -> None:
        self.docker("build", "--network=host", "--tag", tag, *arguments, str(folder), timeout=400)


def run(
    command: Sequence[str], environ: dict[str, str] | None = None, *, check: bool = True, **more: Any
) -> "subprocess.CompletedProcess[str]":
    """What it said comes with a failure."""
    more = {"timeout": 120, "capture_output": True, **more}
    done = subprocess.run(command, env=environ, text=True, check=False, **more)
    if check and done.returncode != 0:
        raise AssertionError(f"{' '.join(command)}: status {done.returncode}\n{done.stdout}\n{done.stderr}"[-6000:])
    return done


def install() -> None:
    if not all(Path(path).exists() for path in (DOCKER, COMPOSE, "/usr/sbin/dockerd", "/usr/bin/mmdebstrap")):
        apt_install(*PACKAGES)


def start() -> Engine:
    install()
    sweep()
    namespace, address = network()
    # Not by `ip netns exec`, which hides the control groups.
    within = ["nsenter", f"--net=/run/netns/{namespace}"]
    pool = ["--default-address-pool", "base=10.219.0.0/16,size=24"]
    return launch(Engine(data_folder(), address, namespace), within, "--bip", "10.218.0.1/24", *pool)


def start_alone() -> Engine:
    """One that has no network at all, and no image; its containers have none either."""
    install()
    return launch(Engine(data_folder(), "", ""), ["unshare", "--net"], "--bridge=none", "--iptables=false")


def data_folder() -> str:
    folder = tempfile.mkdtemp(prefix="tika-engine-")
    if memory_gb() > 8:
        # A quarter of a million small files are made and deleted: minutes on some disks.
        run(["mount", "-t", "tmpfs", "-o", "size=6g,mode=0711", "tmpfs", folder])
    return folder


def launch(made: Engine, within: Sequence[str], *options: str) -> Engine:
    folder = Path(made.folder)
    command = [*within, "dockerd", "--data-root", f"{folder}/data", "--exec-root"]
    command += [f"{folder}/exec", "-H", f"unix://{folder}/docker.sock", "--pidfile", f"{folder}/pid", *options]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
    until = time.monotonic() + PATIENCE
    while made.docker("info", check=False).returncode != 0:
        if process.poll() is not None or time.monotonic() > until:
            said = (folder / "log").read_text()[-2000:]
            stop(made)
            raise AssertionError(f"dockerd does not start:\n{said}")
        time.sleep(0.3)
    return made


def stop(engine: Engine) -> None:
    with suppress(FileNotFoundError):
        number = int(Path(engine.folder, "pid").read_text())
        os.kill(number, signal.SIGTERM)
        until = time.monotonic() + PATIENCE
        while Path(f"/proc/{number}/exe").exists() and time.monotonic() < until:
            time.sleep(0.2)
    if engine.namespace:
        unplug(engine.namespace)
    for line in reversed(Path("/proc/mounts").read_text().splitlines()):
        if line.split()[1].startswith(engine.folder):
            run(["umount", "-l", line.split()[1]], check=False)
    shutil.rmtree(engine.folder, ignore_errors=True)


def memory_gb() -> int:
    found = re.search(r"^MemAvailable: +(\d+) kB", Path("/proc/meminfo").read_text(), re.M)
    return int(found[1]) // 2**20 if found else 0


def network() -> tuple[str, str]:
    """A namespace that reaches the world through a pair of cables; its name, and its address on our side.

    It is named after the run, so that the next one knows what a killed one left.
    """
    name = f"{PREFIX}{os.getppid() if 'PYTEST_XDIST_WORKER' in os.environ else os.getpid()}"
    net = free_network()
    for line in (
        f"ip netns add {name}",
        f"ip link add {name}h type veth peer name eth0 netns {name}",
        f"ip addr add {net}.1/30 dev {name}h",
        f"ip link set {name}h up",
        f"ip -n {name} addr add {net}.2/30 dev eth0",
        f"ip -n {name} link set eth0 up",
        f"ip -n {name} link set lo up",
        f"ip -n {name} route add default via {net}.1",
        f"iptables -t nat -A POSTROUTING -s {net}.0/30 -j MASQUERADE -m comment --comment {name}",
        f"iptables -I FORWARD -i {name}h -j ACCEPT -m comment --comment {name}",
        f"iptables -I FORWARD -o {name}h -j ACCEPT -m comment --comment {name}",
    ):
        run(line.split())
    Path("/proc/sys/net/ipv4/ip_forward").write_text("1")
    return name, f"{net}.2"


def unplug(name: str) -> None:
    """The namespace with everything that runs in it, its cable, and the rules that bear its name."""
    for number in run(["ip", "netns", "pids", name], check=False).stdout.split():
        with suppress(ProcessLookupError):
            os.kill(int(number), signal.SIGKILL)
    run(["ip", "link", "del", f"{name}h"], check=False)
    run(["ip", "netns", "del", name], check=False)
    for table in ("nat", "filter"):
        for rule in run(["iptables", "-t", table, "-S"]).stdout.splitlines():
            if f"--comment {name}" in rule:
                run(["iptables", "-t", table, *rule.replace("-A", "-D", 1).split()], check=False)


def sweep() -> None:
    """What a run that was killed left behind."""
    for line in run(["ip", "netns", "list"]).stdout.splitlines():
        name = line.split()[0]
        number = name.removeprefix(PREFIX)
        if name.startswith(PREFIX) and number.isdecimal() and not Path(f"/proc/{number}").exists():
            unplug(name)


def free_network() -> str:
    taken = run(["ip", "-4", "route"]).stdout
    return next(net for number in range(1, 255) if (net := f"10.217.{number}") not in taken)
