#!/usr/bin/env python3
"""Puts an image into Tika's ECS services, or an earlier release back.

  release.py current --cluster tika-production > before.json     what runs: image, commit, task definitions
  release.py deploy --cluster ... --image NAME@sha256:... --commit SHA
  release.py back --cluster ... before.json

Migrations run first, as a task of the new image; if they fail, nothing is replaced. `deploy` and `back` wait until
every service is stable and really runs what was asked for: ECS's circuit breaker ends stable too, on the old. AWS is
asked by the `aws` command. Leaves with 0, 1 (it did not work; the sentence says what runs now) or 2 (asked wrongly).
"""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

SERVICES = ("web", "live", "worker")
CONTAINER = "tika"
COMMIT = "org.opencontainers.image.revision"
DIGEST = re.compile(r"[\w./:-]+@sha256:[0-9a-f]{64}")
# What describes a task definition; the rest of an answer is what AWS added.
KEPT = [
    "family",
    "taskRoleArn",
    "executionRoleArn",
    "networkMode",
    "containerDefinitions",
    "volumes",
    "placementConstraints",
    "requiresCompatibilities",
    "cpu",
    "memory",
    "runtimePlatform",
    "ephemeralStorage",
]
Told = dict[str, Any]


class Failed(Exception):
    """One sentence for the people who deploy."""


def ecs(*arguments: str) -> Told:
    try:
        done = subprocess.run(
            ["aws", "ecs", *arguments, "--output", "json"],
            capture_output=True,
            text=True,
            env={**os.environ, "AWS_PAGER": ""},
        )
    except FileNotFoundError as error:
        raise Failed("The aws command is not here: install it (pip install awscli).") from error
    if done.returncode:
        raise Failed(f"aws ecs {arguments[0]}: {done.stderr.strip()}")
    answer: Told = json.loads(done.stdout or "{}")
    return answer


def services(cluster: str) -> dict[str, Told]:
    answer = ecs("describe-services", "--cluster", cluster, "--services", *SERVICES)
    found = {service["serviceName"]: service for service in answer["services"] if service["status"] == "ACTIVE"}
    if missing := [name for name in SERVICES if name not in found]:
        raise Failed(f"{cluster} has no service {', '.join(missing)}: make it with deploy/terraform first.")
    return found


def definition(name: str) -> Told:
    found: Told = ecs("describe-task-definition", "--task-definition", name)["taskDefinition"]
    return found


def container(made: Told) -> Told:
    found: Told = next(one for one in made["containerDefinitions"] if one["name"] == CONTAINER)
    return found


def current(cluster: str) -> Told:
    running = {name: service["taskDefinition"] for name, service in services(cluster).items()}
    web = container(definition(running["web"]))
    return {"image": web["image"], "commit": web.get("dockerLabels", {}).get(COMMIT, ""), "services": running}


def registered(name: str, image: str, commit: str) -> str:
    """The address of a new revision of the task definition, like the last one but for the image."""
    made = {key: value for key, value in definition(name).items() if key in KEPT}
    one = container(made)
    one["image"] = image
    one["dockerLabels"] = {**one.get("dockerLabels", {}), COMMIT: commit}
    answer = ecs("register-task-definition", "--cli-input-json", json.dumps(made))
    return str(answer["taskDefinition"]["taskDefinitionArn"])


def migrate(cluster: str, task: str, network: Told) -> None:
    answer = ecs(
        *("run-task", "--cluster", cluster, "--task-definition", task, "--launch-type", "FARGATE"),
        *("--started-by", "release", "--network-configuration", json.dumps(network)),
    )
    if not answer["tasks"]:
        raise Failed(f"The migrations could not be started: {answer['failures']}. Nothing was replaced.")
    address = answer["tasks"][0]["taskArn"]
    ecs("wait", "tasks-stopped", "--cluster", cluster, "--tasks", address)
    (task_seen,) = ecs("describe-tasks", "--cluster", cluster, "--tasks", address)["tasks"]
    code = next((one.get("exitCode") for one in task_seen["containers"] if one["name"] == CONTAINER), None)
    if code != 0:
        why = task_seen.get("stoppedReason", "")
        raise Failed(f"The migrations ended with {code} ({why}); {address} has their log. Nothing was replaced.")


def replace(cluster: str, wanted: dict[str, str]) -> None:
    for name, task in wanted.items():
        ecs("update-service", "--cluster", cluster, "--service", name, "--task-definition", task)
    ecs("wait", "services-stable", "--cluster", cluster, "--services", *wanted)
    if others := [name for name, service in services(cluster).items() if service["taskDefinition"] != wanted[name]]:
        raise Failed(f"{', '.join(others)} went back to what ran before: the new tasks did not become healthy.")


def deploy(cluster: str, image: str, commit: str) -> None:
    running = services(cluster)
    migration = registered(f"{cluster}-migrate", image, commit)
    wanted = {name: registered(service["taskDefinition"], image, commit) for name, service in running.items()}
    migrate(cluster, migration, running["web"]["networkConfiguration"])
    replace(cluster, wanted)


def back(cluster: str, before: Told) -> None:
    if set(before.get("services", {})) != set(SERVICES):
        raise Failed("That file was not written by `release.py current`.")
    services(cluster)
    replace(cluster, before["services"])


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["current", "deploy", "back"])
    parser.add_argument("before", nargs="?", type=Path, help="what `current` printed, for `back`")
    parser.add_argument("--cluster", required=True)
    parser.add_argument("--image", default="")
    parser.add_argument("--commit", default="")
    given = parser.parse_intermixed_args()
    if given.what == "deploy" and not DIGEST.fullmatch(given.image):
        parser.error("--image must be named by its digest: NAME@sha256:...")
    if given.what == "deploy" and not re.fullmatch(r"[0-9a-f]{40}", given.commit):
        parser.error("--commit must be the whole commit that the image was built from")
    if given.what == "back" and not (given.before and given.before.is_file()):
        parser.error("back needs the file that `current` printed before")
    return given


def main() -> int:
    given = arguments()
    try:
        if given.what == "current":
            print(json.dumps(current(given.cluster), indent=2))
        elif given.what == "deploy":
            deploy(given.cluster, given.image, given.commit)
            print(f"{given.cluster} runs {given.image}.")
        else:
            before = json.loads(given.before.read_text())
            back(given.cluster, before)
            print(f"{given.cluster} runs {before['image']} again.")
    except Failed as failed:
        print(failed, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
