"""deploy/terraform applied to an emulator of AWS, used by the scripts, destroyed again. It takes minutes.

DELIVERY_LONG=1 bin/test --delivery tests/delivery/terraform/test_emulated.py
"""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.delivery import unchecked
from tests.delivery.terraform.code import FOLDER, copied, environment, run, terraform
from tika.cli.process import die_with_parent

pytestmark = unchecked.long
PIPELINE = FOLDER.parent / "pipeline"
# What the emulator forgets, or tells otherwise than AWS: it is made, and would be changed at each plan.
FORGOTTEN = {
    ("aws_db_parameter_group", "parameter"),
    ("aws_ecs_service", "availability_zone_rebalancing"),
    ("aws_vpc_security_group_egress_rule", "description"),
    ("aws_vpc_security_group_egress_rule", "referenced_security_group_id"),
    ("aws_vpc_security_group_ingress_rule", "description"),
    ("aws_vpc_security_group_ingress_rule", "referenced_security_group_id"),
}
NEW = "ghcr.io/example/tika@sha256:" + "ab" * 32


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the emulator's programs, each package checked by its hash."""
    terraform()
    folder = tmp_path_factory.mktemp("emulator")
    uv = str(Path(sys.executable).with_name("uv"))
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, folder / "venv"], check=True)
    python = str(folder / "venv" / "bin" / "python")
    lock = Path(__file__).with_name("emulator.lock")
    subprocess.run([uv, "pip", "install", "--quiet", "--require-hashes", "--python", python, "-r", lock], check=True)
    return folder / "venv" / "bin"


@pytest.fixture(scope="module")
def address(tools: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {"PATH": os.environ["PATH"], "MOTO_IAM_LOAD_MANAGED_POLICIES": "true"}
    command = [str(tools / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    quiet = (tools / "moto.log").open("wb")
    ended = die_with_parent(signal.SIGKILL)
    server = subprocess.Popen(command, env=own, stdout=quiet, stderr=quiet, preexec_fn=ended)
    url = f"http://127.0.0.1:{port}"
    until = time.monotonic() + 60
    while True:
        assert server.poll() is None
        assert time.monotonic() < until
        try:
            urllib.request.urlopen(f"{url}/moto-api/", timeout=5).close()
            break
        except OSError:
            time.sleep(0.2)
    yield url
    server.terminate()
    server.wait(10)


class Installation:
    def __init__(self, folder: Path, tools: Path, address: str) -> None:
        self.folder = copied(folder)
        self.account = {"AWS_ENDPOINT_URL": address, "AWS_DEFAULT_REGION": "ap-northeast-2"}
        self.account |= {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing"}
        self.path = f"{tools}{os.pathsep}{os.environ['PATH']}"
        self.own = environment(folder)
        self.settle(address)

    def settle(self, address: str) -> None:
        """A state of its own here, no protection against the end, and a certificate."""
        (self.folder / "backend_override.tf").write_text('terraform {\n  backend "local" {}\n}\n')
        for path in self.folder.glob("*.tf"):
            text = re.sub(r"(prevent_destroy|deletion_protection)(\s*)= true", r"\1\2= false", path.read_text())
            text = re.sub(r"(skip_final_snapshot)(\s*)= false", r"\1\2= true", text)
            path.write_text(
                text.replace("object_lock_enabled = true", "object_lock_enabled = true\n  force_destroy = true")
            )
        made = json.loads(self.aws("acm", "request-certificate", "--domain-name", "tika.example.com"))
        text = (self.folder / "examples" / "staging.tfvars").read_text()
        text = re.sub(r"(certificate_arn\s*= ).*", rf'\1"{made["CertificateArn"]}"', text)
        text = re.sub(r"github_provider_exists.*", "", text)
        (self.folder / "terraform.tfvars").write_text(text + f'\nendpoint = "{address}"\n')

    def aws(self, *arguments: str) -> str:
        own = {"PATH": self.path, **self.account}
        return subprocess.run(["aws", *arguments], env=own, check=True, capture_output=True, text=True).stdout

    def script(self, path: Path, *arguments: str) -> str:
        own = {"PATH": self.path, "AWS_MAX_ATTEMPTS": "2", **self.account}
        done = subprocess.run([sys.executable, path, *arguments], env=own, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def terraform(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
        code, said = run(terraform(), *arguments, at=self.folder, environ=self.own, seconds=600)
        assert code in codes, said[-3000:]
        return said

    def changes(self) -> set[tuple[str, str]]:
        """(type, attribute) of what a plan would change now; the action in its place where a thing comes or goes."""
        self.terraform("plan", "-input=false", "-no-color", "-out=next.plan")
        found: set[tuple[str, str]] = set()
        for one in json.loads(self.terraform("show", "-json", "next.plan"))["resource_changes"]:
            actions, before, after = (one["change"][name] for name in ("actions", "before", "after"))
            if actions == ["update"]:
                found |= {(one["type"], name) for name in after if before.get(name) != after[name]}
            elif actions not in (["no-op"], ["read"]):
                found.add((one["type"], "/".join(actions)))
        return found


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, tools: Path, address: str) -> Installation:
    made = Installation(tmp_path_factory.mktemp("applied"), tools, address)
    made.terraform("init", "-input=false", "-no-color")
    began = time.monotonic()
    said = made.terraform("apply", "-input=false", "-no-color", "-auto-approve")
    print(f"apply: {time.monotonic() - began:.0f} s, {re.findall(r'Resources: .*', said)}")
    return made


def test_a_second_plan_changes_nothing(installation: Installation) -> None:
    assert installation.changes() <= FORGOTTEN


def test_the_state_holds_no_secret(installation: Installation) -> None:
    installation.script(FOLDER / "fill_secrets.py", "--secret", "tika-staging/settings", "--host", "db.internal")
    kept = json.loads(installation.aws("secretsmanager", "get-secret-value", "--secret-id", "tika-staging/settings"))
    installation.terraform("apply", "-refresh-only", "-input=false", "-no-color", "-auto-approve")
    state = (installation.folder / "terraform.tfstate").read_text()
    for value in json.loads(kept["SecretString"]).values():
        assert value not in state
        assert value.partition(":")[2].partition("@")[0] not in state or "://" not in value


def test_a_release_is_noted_and_deployments_leave_the_plan_empty(installation: Installation) -> None:
    told = json.loads(installation.script(PIPELINE / "release.py", "current", "--cluster", "tika-staging"))
    assert set(told["services"]) == {"web", "live", "worker"}
    task = told["services"]["web"]
    made = json.loads(installation.aws("ecs", "describe-task-definition", "--task-definition", task))["taskDefinition"]
    again = {name: made[name] for name in ("family", "networkMode", "containerDefinitions", "cpu", "memory", "volumes")}
    again["containerDefinitions"][0]["image"] = NEW
    answer = installation.aws("ecs", "register-task-definition", "--cli-input-json", json.dumps(again))
    newer = json.loads(answer)["taskDefinition"]["taskDefinitionArn"]
    service = ("--cluster", "tika-staging", "--service", "web")
    installation.aws("ecs", "update-service", *service, "--task-definition", newer)
    told = json.loads(installation.script(PIPELINE / "release.py", "current", "--cluster", "tika-staging"))
    assert told["image"] == NEW
    assert installation.changes() <= FORGOTTEN


def test_it_can_be_destroyed_where_nothing_protects_it(installation: Installation) -> None:
    began = time.monotonic()
    said = installation.terraform("destroy", "-input=false", "-no-color", "-auto-approve")
    print(f"destroy: {time.monotonic() - began:.0f} s")
    assert "Destroy complete!" in said
