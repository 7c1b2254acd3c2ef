"""An installation made by bin/install under a real Docker Engine, and a browser's side of it."""

import http.client
import json
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.delivery.engine import COMPOSE, Engine, run
from tika.cli.environment import ROOT

DOMAIN, OWNER = "board.internal", "olga@example.com"
RELEASED = (
    ".env.example",
    "Caddyfile",
    "Dockerfile",
    "bin/install",
    "bin/upgrade",
    "deploy",
    "docker-compose.observability.yml",
    "docker-compose.production.yml",
)
# Those of ours that stay.
PROCESSES = ("app", "live", "worker", "exporter", "backup")


def released(folder: Path) -> Path:
    """What somebody who installs has before them."""
    for name in RELEASED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
        copy(ROOT / name, folder / name)
    return folder


class Through(http.client.HTTPSConnection):
    """To the proxy's port, under the installation's name; the certificate is judged by the authority it told of."""

    def __init__(self, address: str, context: ssl.SSLContext) -> None:
        super().__init__(DOMAIN, 443, timeout=60, context=context)
        self.address, self.tls = address, context

    def connect(self) -> None:
        plain = socket.create_connection((self.address, 443), 60)
        self.sock = self.tls.wrap_socket(plain, server_hostname=DOMAIN)


@dataclass
class Stack:
    engine: Engine
    folder: Path
    environ: dict[str, str]
    transcript: str = ""

    def install(self, *arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        # Ports are looked at where the engine publishes them.
        command = ["nsenter", f"--net=/run/netns/{self.engine.namespace}", "bin/install", *arguments]
        return run(command, self.environ, check=check, cwd=self.folder, timeout=540)

    def compose(self, *arguments: str, check: bool = True, **more: Any) -> "subprocess.CompletedProcess[str]":
        return run([COMPOSE, *arguments], self.environ, check=check, cwd=self.folder, **more)

    def within(
        self, service: str, *command: str, check: bool = True, **more: Any
    ) -> "subprocess.CompletedProcess[str]":
        """As `docker-compose exec` does, which takes a second longer."""
        return self.engine.docker("exec", self.container(service), *command, check=check, **more)

    def container(self, service: str) -> str:
        return f"{self.folder.name}_{service}_1"

    def about(self, service: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.engine.docker("inspect", self.container(service)).stdout)[0]
        return found

    def sql(self, statement: str, *, database: str = "tika") -> str:
        psql = ["psql", "-h", "/var/run/postgresql", "-U", "postgres", "-d", database, "-Atc", statement]
        return self.within("db", *psql).stdout.strip()

    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.folder / "certs" / "caddy-root.crt"))

    def open(self) -> Through:
        return Through(self.engine.address, self.context())

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = self.open()
        if body is not None and not isinstance(body, str):
            body, headers = json.dumps(body), {"Content-Type": "application/json", **headers}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        found = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        connection.close()
        return found

    def token(self) -> str:
        made = self.within("app", "tika", "create_token", "--email", OWNER, "--workspace", "team", "--scopes", "write")
        return made.stdout.strip()


@dataclass
class Api:
    stack: Stack
    token: str

    def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        status, _, answer = self.stack.call(method, path, body, Authorization=f"Bearer {self.token}")
        return status, json.loads(answer) if answer[:1] in {b"{", b"["} else answer.decode(errors="replace")


def until(what: Callable[[], bool], *, seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end
        time.sleep(0.5)


def is_ready(stack: Stack) -> bool:
    try:
        return stack.call("GET", "/readyz")[0] == 200
    except OSError:
        return False


def memory_mb(engine: Engine, container: str) -> float:
    """What its processes hold, each shared page counted once among those that share it (PSS)."""
    numbers = engine.docker("top", container, "-o", "pid").stdout.split()[1:]
    total = 0
    for number in numbers:
        rollup = Path(f"/proc/{number}/smaps_rollup").read_text()
        total += next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return total / 1024
