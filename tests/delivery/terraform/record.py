"""Shrinks a plan to what the gate looks at: terraform show -json FILE | python -m tests.delivery.terraform.record

Of each changed resource: what is done, the values that differ, and the protections and tags whether they differ or not.
"""

import json
import sys
from typing import Any

KEPT = {
    "tags",
    "deletion_protection",
    "skip_final_snapshot",
    "delete_automated_backups",
    "backup_retention_period",
    "force_destroy",
    "storage_encrypted",
}
LEFT_OUT = {"no-op", "read"}


def shrunk(plan: dict[str, Any]) -> dict[str, Any]:
    changes = [small(one) for one in plan["resource_changes"] if not LEFT_OUT & set(one["change"]["actions"])]
    return {name: plan[name] for name in ("format_version", "terraform_version")} | {"resource_changes": changes}


def small(resource: dict[str, Any]) -> dict[str, Any]:
    change = resource["change"]
    before, after = change["before"] or {}, change["after"] or {}
    names = {
        name
        for name in before.keys() | after.keys()
        if name in KEPT or (before and after and name in after and before.get(name) != after[name])
    }
    sides = {
        side: change[side] and {name: change[side][name] for name in sorted(names) if name in change[side]}
        for side in ("before", "after")
    }
    told = {"actions": change["actions"], **sides}
    if paths := change.get("replace_paths"):
        told["replace_paths"] = paths
    return {name: resource[name] for name in ("address", "mode", "type", "name")} | {"change": told}


if __name__ == "__main__":
    print(json.dumps(shrunk(json.load(sys.stdin)), indent=1, sort_keys=True))
