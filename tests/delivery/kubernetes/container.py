"""A pod of a manifest as a container: with the user, command, environment, volumes and limits that stand in it."""

import http.client
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.delivery.engine import Engine
from tests.delivery.kubernetes.found import Object, Workload

NETWORK, DATA, DATABASE = "pods", "pods-data", "pods-db"
# As long as a pod has to start.
PATIENCE = 300.0
UNITS = {"Ki": 1, "Mi": 2, "Gi": 3}


@dataclass(frozen=True)
class Pod:
    engine: Engine
    image: str
    workload: Workload
    secrets: dict[str, str]

    @property
    def name(self) -> str:
        return self.workload.name

    def run(self) -> None:
        """`docker run`, detached, or to its end for a Job."""
        detached = [] if self.workload.kind == "Job" else ["--detach"]
        published = [f"--publish={port['containerPort']}" for port in self.workload.container.get("ports", [])]
        # Kubernetes knows nothing of the image's own check.
        flags = [
            *detached,
            "--no-healthcheck",
            "--name",
            self.name,
            "--network",
            NETWORK,
            *published,
            *self.limits(),
            *self.volumes(),
        ]
        command = [*self.workload.container.get("command", []), *self.workload.container.get("args", [])]
        self.engine.docker("run", *flags, *self.environment(), self.image, *command, timeout=600)

    def limits(self) -> list[str]:
        pod, may = self.workload.pod["securityContext"], self.workload.container["securityContext"]
        assert may["readOnlyRootFilesystem"]
        assert may["capabilities"] == {"drop": ["ALL"]}
        memory = in_bytes(self.workload.container["resources"]["limits"]["memory"])
        user = ["--user", f"{pod['runAsUser']}:{pod['runAsGroup']}"]
        return [*user, "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", f"--memory={memory}"]

    def volumes(self) -> list[str]:
        known = {volume["name"]: volume for volume in self.workload.pod["volumes"]}
        found = []
        for mount in self.workload.container["volumeMounts"]:
            at, empty = mount["mountPath"], known[mount["name"]].get("emptyDir")
            if empty is None:
                found += ["--volume", f"{DATA}:{at}{':ro' if mount.get('readOnly') else ''}"]
            else:
                # fsGroup makes a pod's own so.
                found += ["--tmpfs", f"{at}:uid=10001,gid=10001,mode=0770,size={in_bytes(empty['sizeLimit'])}"]
        return found

    def environment(self) -> list[str]:
        found = []
        for name, entry in self.workload.environment.items():
            value = entry["value"] if "value" in entry else self.secrets[entry["valueFrom"]["secretKeyRef"]["key"]]
            found += ["--env", f"{name}={value}"]
        return found

    # --- what a kubelet does -----------------------------------------------------------------------

    def probe(self, name: str) -> bool:
        """Whether the container's probe of this name passes now."""
        asked: Object = self.workload.container[name]
        if "exec" in asked:
            return self.engine.docker("exec", self.name, *asked["exec"]["command"], check=False).returncode == 0
        get = asked["httpGet"]
        headers = [part for header in get.get("httpHeaders", []) for part in (header["name"], header["value"])]
        return self.ask(get["path"], get["port"], *headers) == 200

    def published(self, port: str) -> int:
        """Of the engine's address, where the container's port of this name is."""
        number = {one["name"]: one["containerPort"] for one in self.workload.container["ports"]}[port]
        return int(self.engine.docker("port", self.name, str(number)).stdout.split()[0].rpartition(":")[2])

    def ask(self, path: str, port: str, *headers: str) -> int:
        """The status, asked as the kubelet does: by an address, with the probe's headers; 0 without an answer."""
        asked = http.client.HTTPConnection(self.engine.address, self.published(port), timeout=30)
        try:
            asked.request("GET", path, headers=dict(zip(headers[::2], headers[1::2], strict=True)))
            return asked.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            asked.close()

    def state(self) -> dict[str, Any]:
        return dict(json.loads(self.engine.inspect(self.name, "{{json .State}}")))

    def logs(self) -> str:
        done = self.engine.docker("logs", "--tail=40", self.name, check=False)
        return done.stdout + done.stderr


def until(what: Callable[[], bool], pod: Pod, *, seconds: float = PATIENCE) -> float:
    """How long it took."""
    started = time.monotonic()
    while not what():
        assert pod.state()["Running"], pod.logs()
        assert time.monotonic() - started < seconds, pod.logs()
        time.sleep(1)
    return time.monotonic() - started


def in_bytes(text: str) -> int:
    return int(text[:-2]) << 10 * UNITS[text[-2:]]
