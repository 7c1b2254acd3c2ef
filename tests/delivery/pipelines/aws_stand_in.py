#!/usr/bin/env python3
"""`aws ecs` for release.py: keeps services and task definitions in the file $STATE, and fails as $FAULT says."""

import json
import os
import sys
from pathlib import Path
from typing import Any

path = Path(os.environ["STATE"])
state = json.loads(path.read_text())
fault = os.environ.get("FAULT", "")
verb, rest = sys.argv[2], sys.argv[3:]
state["calls"].append(verb)


def option(name: str) -> str:
    return rest[rest.index(name) + 1] if name in rest else ""


def answer() -> dict[str, Any]:
    if verb == "describe-services":
        return {"services": list(state["services"].values())}
    if verb == "describe-task-definition":
        asked = option("--task-definition")
        known = [made for made in state["definitions"] if asked in (made["family"], made["taskDefinitionArn"])]
        return {"taskDefinition": known[-1]}
    if verb == "register-task-definition":
        made = json.loads(option("--cli-input-json"))
        made["taskDefinitionArn"] = f"{made['family']}:{len(state['definitions']) + 1}"
        state["definitions"].append({**made, "status": "ACTIVE", "revision": 9, "registeredBy": "somebody"})
        return {"taskDefinition": made}
    if verb == "run-task":
        state["network"] = json.loads(option("--network-configuration"))
        return {"tasks": [] if fault == "no room" else [{"taskArn": "task/1"}], "failures": [{"reason": "RESOURCE"}]}
    if verb == "describe-tasks":
        container = {"name": "tika", "exitCode": 1 if fault == "migration" else 0}
        return {"tasks": [{"stoppedReason": "Essential container exited", "containers": [container]}]}
    if verb == "update-service" and not (fault == "unhealthy" and option("--service") == "live"):
        state["services"][option("--service")]["taskDefinition"] = option("--task-definition")
    return {}


if fault == "denied":
    sys.exit("An error occurred (AccessDeniedException) when calling the operation")
print(json.dumps(answer()))
path.write_text(json.dumps(state))
