#!/usr/bin/env python3
"""Refuses a Terraform plan that would lose data: terraform show -json FILE.plan | plan_gate.py -

Refused is what destroys, replaces or forgets a thing that holds data (by its kind, or by the tag tika:stateful), and
what takes its protection away. Everything else passes. With --allow FILE two people let named addresses pass:

  addresses   = ["aws_db_instance.this"]
  reason      = "Moved to a larger instance by hand, see the incident of May"
  approved_by = ["ann@example.com", "ben@example.com"]
  expires     = 2026-05-31                  # seven days ahead at most

The file is part of the change, so its reviewers are those of deploy/ (CODEOWNERS).
Leaves with 0 (apply it), 20 (refused; each reason on a line) or 2 (this is no plan, or no such permission).
"""

import argparse
import json
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

HOLDS_DATA = {
    "aws_db_instance",
    "aws_db_snapshot",
    "aws_dynamodb_table",
    "aws_ebs_volume",
    "aws_efs_file_system",
    "aws_kms_key",
    "aws_rds_cluster",
    "aws_s3_bucket",
    "aws_secretsmanager_secret",
}
TAG = "tika:stateful"
# Setting these to the value is a step towards losing it.
DISARMS = {
    "deletion_protection": False,
    "skip_final_snapshot": True,
    "delete_automated_backups": True,
    "backup_retention_period": 0,
    "force_destroy": True,
    "storage_encrypted": False,
}
LONGEST = timedelta(days=7)
Change = dict[str, Any]


class Unreadable(Exception):
    """Why it cannot be judged, as a sentence."""


def changes(plan: Any) -> list[Change]:
    if not isinstance(plan, dict) or not str(plan.get("format_version", "")).startswith("1."):
        raise Unreadable("This is no plan as `terraform show -json` writes it (format 1).")
    if plan.get("errored"):
        raise Unreadable("The plan was not finished: Terraform met an error.")
    found: list[Change] = plan.get("resource_changes", [])
    return found


def holds_data(resource: Change) -> bool:
    before = resource["change"].get("before") or {}
    tags = {**(before.get("tags") or {}), **(before.get("tags_all") or {})}
    return resource.get("mode") == "managed" and (resource["type"] in HOLDS_DATA or tags.get(TAG) == "true")


def verb(actions: list[str]) -> str:
    if "forget" in actions:
        return "forget"
    if "delete" in actions:
        return "replace" if "create" in actions else "destroy"
    return ""


def disarmed(change: Change) -> Iterator[str]:
    before, after = change.get("before") or {}, change.get("after") or {}
    for name, value in DISARMS.items():
        if name in before and before[name] != value and after.get(name) == value:
            yield f"{name} = {json.dumps(value)}"


def refusals(plan: Any) -> Iterator[tuple[str, str]]:
    """(address, sentence) of what would lose data."""
    for resource in changes(plan):
        if not holds_data(resource):
            continue
        address, change = resource["address"], resource["change"]
        if what := verb(change["actions"]):
            paths = [".".join(map(str, path)) for path in change.get("replace_paths", [])]
            yield address, f"would {what} {address}" + (f", because of {', '.join(paths)}" if paths else "")
        elif "update" in change["actions"] and (less := list(disarmed(change))):
            yield address, f"would leave {address} with {', '.join(less)}"


def allowed(path: Path, today: date) -> set[str]:
    """The addresses that two people let pass."""
    try:
        told = tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise Unreadable(f"{path} cannot be read: {error}.") from error
    people = {str(one).strip().lower() for one in told.get("approved_by", [])} - {""}
    expires = told.get("expires")
    if len(people) < 2:
        raise Unreadable(f"{path}: approved_by must name two different people.")
    if len(str(told.get("reason", "")).strip()) < 10:
        raise Unreadable(f"{path}: the reason must be a sentence.")
    if not isinstance(expires, date) or isinstance(expires, datetime):
        raise Unreadable(f"{path}: expires must be a date, such as 2026-05-31.")
    if not today <= expires <= today + LONGEST:
        raise Unreadable(f"{path}: {expires} has passed or is more than {LONGEST.days} days ahead.")
    addresses = {str(one) for one in told.get("addresses", [])}
    if not addresses or any("*" in one for one in addresses):
        raise Unreadable(f"{path}: addresses must name each one.")
    return addresses


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plan", help="the file of `terraform show -json`, or - for standard input")
    parser.add_argument("--allow", type=Path, help="what two people let pass")
    given = parser.parse_args()
    try:
        text = sys.stdin.read() if given.plan == "-" else Path(given.plan).read_text()
        found = list(refusals(json.loads(text)))
        let = allowed(given.allow, datetime.now(UTC).date()) if given.allow else set()
    except (Unreadable, OSError, ValueError, KeyError, TypeError) as error:
        print(f"The plan cannot be judged. {error}", file=sys.stderr)
        return 2
    for address, sentence in found:
        print(f"{'let pass' if address in let else 'refused'}: {sentence}")
    if strange := let - {address for address, _ in found}:
        print(f"{given.allow} names what the plan does not touch: {', '.join(sorted(strange))}.", file=sys.stderr)
        return 2
    if any(address not in let for address, _ in found):
        return 20
    print("Nothing that holds data is lost." if not found else "The rest loses nothing.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
