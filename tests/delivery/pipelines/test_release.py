"""release.py and rollback.sh: what is replaced, in which order, and when nothing is."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.delivery.pipelines.running import run, stand_in
from tests.delivery.pipelines.workflows import PIPELINE

OLD, NEW = (f"ghcr.io/example/tika@sha256:{letter * 64}" for letter in "ab")
OLD_COMMIT, NEW_COMMIT = "1" * 40, "2" * 40
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "assignPublicIp": "DISABLED"}}


def definition(name: str) -> dict[str, Any]:
    container = {"name": "tika", "image": OLD, "command": [name], "dockerLabels": {"a": "b"}, "secrets": [1]}
    container["dockerLabels"] = {"a": "b", "org.opencontainers.image.revision": OLD_COMMIT}
    made = {
        "family": f"prod-{name}",
        "cpu": "256",
        "containerDefinitions": [{"name": "beside", "image": "x"}, container],
    }
    return made | {"taskDefinitionArn": f"prod-{name}:1", "revision": 1, "status": "ACTIVE"}


class Cluster:
    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / "state.json"
        services = {
            name: {"serviceName": name, "status": "ACTIVE", "taskDefinition": f"prod-{name}:1"}
            | {"networkConfiguration": NETWORK}
            for name in ("web", "live", "worker")
        }
        definitions = [definition(name) for name in ("web", "live", "worker", "migrate")]
        self.path.write_text(json.dumps({"services": services, "definitions": definitions, "calls": []}))
        text = Path(__file__).with_name("aws_stand_in.py").read_text()
        # A python3 that is found by a shim would look for `aws` elsewhere.
        stand_in(folder / "bin", "python3", f'#!/bin/sh\nexec {sys.executable} -SE "$@"\n')
        self.search = stand_in(folder / "bin", "aws", text.replace("/usr/bin/env python3", f"{sys.executable} -SE", 1))

    def ask(self, *arguments: str | Path, fault: str = "") -> tuple[int, str, str]:
        command = ["release.py", *arguments, "--cluster", "prod"]
        return run(*command, PATH=self.search, STATE=str(self.path), FAULT=fault)

    def deploy(self, fault: str = "") -> tuple[int, str, str]:
        return self.ask("deploy", "--image", NEW, "--commit", NEW_COMMIT, fault=fault)

    @property
    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.path.read_text())
        return found

    def images(self) -> dict[str, str]:
        made = {one["taskDefinitionArn"]: one["containerDefinitions"][1]["image"] for one in self.state["definitions"]}
        return {name: made[service["taskDefinition"]] for name, service in self.state["services"].items()}


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    return Cluster(tmp_path)


def test_what_runs_is_told_by_image_commit_and_definition(cluster: Cluster) -> None:
    code, said, _ = cluster.ask("current")
    assert code == 0
    services = {name: f"prod-{name}:1" for name in ("web", "live", "worker")}
    assert json.loads(said) == {"image": OLD, "commit": OLD_COMMIT, "services": services}


def test_migrations_run_before_anything_is_replaced(cluster: Cluster) -> None:
    code, said, _ = cluster.deploy()
    assert (code, said) == (0, f"prod runs {NEW}.\n")
    assert cluster.images() == dict.fromkeys(("web", "live", "worker"), NEW)
    calls = cluster.state["calls"]
    assert calls.index("describe-tasks") < calls.index("update-service")
    assert calls.count("register-task-definition") == 4
    assert cluster.state["network"] == NETWORK


def test_only_the_image_and_the_commit_are_new(cluster: Cluster) -> None:
    cluster.deploy()
    made = cluster.state["definitions"][-1]
    assert made["containerDefinitions"][0] == {"name": "beside", "image": "x"}
    assert made["containerDefinitions"][1]["secrets"] == [1]
    labels = {"a": "b", "org.opencontainers.image.revision": NEW_COMMIT}
    assert made["containerDefinitions"][1]["dockerLabels"] == labels
    assert json.loads(cluster.ask("current")[1])["commit"] == NEW_COMMIT


@pytest.mark.parametrize("fault", ["migration", "no room"])
def test_migrations_that_fail_replace_nothing(fault: str, cluster: Cluster) -> None:
    code, _, why = cluster.deploy(fault)
    assert code == 1
    assert "Nothing was replaced." in why
    assert cluster.images() == dict.fromkeys(("web", "live", "worker"), OLD)


def test_what_ecs_has_put_back_by_itself_is_no_success(cluster: Cluster) -> None:
    code, said, why = cluster.deploy("unhealthy")
    assert (code, said) == (1, "")
    assert why == "live went back to what ran before: the new tasks did not become healthy.\n"


def test_a_refusal_of_aws_is_told_in_its_words(cluster: Cluster) -> None:
    code, _, why = cluster.deploy("denied")
    assert code == 1
    assert why.startswith("aws ecs describe-services: An error occurred (AccessDeniedException)")


@pytest.mark.parametrize(
    ("image", "commit"),
    [("tika:latest", NEW_COMMIT), (NEW, "main"), ("", NEW_COMMIT), (NEW, ""), (f"{NEW} x", "1" * 40)],
)
def test_what_is_deployed_has_a_digest_and_a_commit(image: str, commit: str, cluster: Cluster) -> None:
    assert cluster.ask("deploy", "--image", image, "--commit", commit)[0] == 2
    assert cluster.state["calls"] == []


def test_an_earlier_release_is_put_back_without_migrations(cluster: Cluster) -> None:
    before = cluster.folder / "before.json"
    before.write_text(cluster.ask("current")[1])
    cluster.deploy()
    assert cluster.ask("back", before)[:2] == (0, f"prod runs {OLD} again.\n")
    assert cluster.images() == dict.fromkeys(("web", "live", "worker"), OLD)
    assert cluster.state["calls"].count("run-task") == 1
    before.write_text("{}")
    assert cluster.ask("back", before)[0] == 1
    assert cluster.ask("back", cluster.folder / "nothing.json")[0] == 2


class History:
    """A repository of the scripts, in which migrations come to be."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "checkout"
        shutil.copytree(PIPELINE, self.folder / "deploy" / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
        self.git("init", "-q")
        self.commits = [self.commit("boards/migrations/0001_first.py", "CreateModel")]

    def git(self, *arguments: str) -> str:
        own = {"PATH": os.environ["PATH"], "HOME": str(self.folder)}
        for who in ("AUTHOR", "COMMITTER"):
            own |= {f"GIT_{who}_NAME": "A", f"GIT_{who}_EMAIL": "a@example.com"}
        command = ["git", *arguments]
        return subprocess.run(command, cwd=self.folder, env=own, check=True, capture_output=True, text=True).stdout

    def commit(self, path: str, text: str) -> str:
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)
        self.git("add", ".")
        self.git("commit", "-qm", path)
        return self.git("rev-parse", "HEAD").strip()

    def rollback(self, cluster: Cluster, after: str, *more: str) -> tuple[int, str]:
        before = cluster.folder / "before.json"
        if not before.exists():
            told = json.loads(cluster.ask("current")[1]) | {"commit": self.commits[0]}
            before.write_text(json.dumps(told))
        done = subprocess.run(
            ["sh", self.folder / "deploy" / "pipeline" / "rollback.sh", "prod", before, after, *more],
            env={"PATH": cluster.search, "STATE": str(cluster.path), "HOME": str(self.folder)},
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.returncode, done.stdout + done.stderr


@pytest.fixture
def history(tmp_path: Path) -> History:
    return History(tmp_path)


ADDS = "migrations.AddField('ticket', 'colour', db_default='')\n# RemoveFieldLater"
TAKES = [
    "migrations.RemoveField('ticket', 'colour')",
    "migrations.DeleteModel('Ticket')",
    "migrations.RenameField('ticket', 'a', 'b')",
    "RunSQL('alter table x drop  column y')",
    "RunSQL('ALTER TABLE x ALTER y SET NOT NULL')",
]


def test_the_way_back_over_migrations_that_only_add_is_open(history: History, cluster: Cluster) -> None:
    after = history.commit("boards/migrations/0002_more.py", ADDS)
    code, said = history.rollback(cluster, after)
    assert code == 0, said
    assert said == f"prod runs {OLD} again.\n"


def test_the_way_back_is_shut_where_the_older_code_would_break(history: History, cluster: Cluster) -> None:
    for number, operation in enumerate(TAKES, 2):
        after = history.commit(f"boards/migrations/000{number}_less.py", operation)
    history.commit("boards/migrations/0010_more.py", ADDS)
    code, said = history.rollback(cluster, after)
    assert code == 20
    assert "Fix forward, or restore." in said
    assert said.count("_less.py: ") == len(TAKES)
    assert "_more" not in said
    assert "update-service" not in cluster.state["calls"]
    assert history.rollback(cluster, after, "--anyway")[0] == 0


def test_a_commit_that_is_not_here_is_no_reason_to_guess(history: History, cluster: Cluster) -> None:
    code, said = history.rollback(cluster, NEW_COMMIT)
    assert code == 2
    assert "fetch the history first" in said
    (cluster.folder / "before.json").write_text('{"commit": "", "services": {}}')
    assert history.rollback(cluster, history.commits[0])[0] == 20
    (cluster.folder / "before.json").write_text("")
    assert history.rollback(cluster, history.commits[0])[0] == 2
    assert "update-service" not in cluster.state["calls"]
