"""plan_gate.py on plans that Terraform wrote: what it lets pass, what it refuses, and what two people can do about it.

The plans were recorded against an emulator by `record.py` and hold only what changes.
"""

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.delivery.terraform.code import FOLDER

PLANS = Path(__file__).with_name("plans")


def recorded(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PLANS / f"{name}.json").read_text())
    return found


def judge(plan: Any, *arguments: str | Path) -> tuple[int, str, str]:
    text = plan if isinstance(plan, str) else json.dumps(plan)
    command = [sys.executable, "-SE", FOLDER / "plan_gate.py", "-", *arguments]
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def test_what_is_new_passes() -> None:
    assert judge(recorded("create")) == (0, "Nothing that holds data is lost.\n", "")


def test_a_change_in_place_passes_and_so_does_a_new_task_definition() -> None:
    plan = recorded("update")
    actions = {resource["type"]: resource["change"]["actions"] for resource in plan["resource_changes"]}
    assert actions["aws_db_instance"] == ["update"]
    assert "delete" in actions["aws_ecs_task_definition"]
    assert judge(plan)[0] == 0


def test_a_database_that_would_be_made_anew_is_refused_with_the_reason() -> None:
    code, said, _ = judge(recorded("replace"))
    assert code == 20
    assert "refused: would replace aws_db_instance.this, because of username\n" in said


def test_the_end_of_everything_names_each_thing_that_holds_data() -> None:
    code, said, _ = judge(recorded("destroy"))
    assert code == 20
    addresses = {line.split()[3].rstrip(",") for line in said.splitlines()}
    assert addresses == {
        "aws_db_instance.this",
        "aws_efs_file_system.this",
        "aws_kms_key.this",
        "aws_s3_bucket.access",
        "aws_s3_bucket.backups",
        "aws_secretsmanager_secret.this",
    }


def test_a_protection_that_is_taken_away_is_refused() -> None:
    code, said, _ = judge(recorded("disarm"))
    assert code == 20
    assert "would leave aws_db_instance.this with backup_retention_period = 0" in said


@pytest.mark.parametrize("actions", [["delete"], ["delete", "create"], ["create", "delete"], ["forget"]])
def test_every_way_of_losing_it_counts_and_so_does_the_tag(actions: list[str]) -> None:
    change: dict[str, Any] = {"actions": actions, "before": {"tags": {"tika:stateful": "true"}}, "after": None}
    resource = {"address": "aws_msk_cluster.x", "type": "aws_msk_cluster", "mode": "managed", "change": change}
    plan: dict[str, Any] = {"format_version": "1.2", "resource_changes": [resource]}
    assert judge(plan)[0] == 20
    change["before"] = None
    assert judge(plan)[0] == 0


@pytest.mark.parametrize(
    "plan",
    [
        "",
        "[]",
        "{}",
        '{"format_version": "2.0"}',
        '{"format_version": "1.2", "errored": true}',
        '{"format_version": "1.2", "resource_changes": [{"type": "aws_s3_bucket", "mode": "managed"}]}',
    ],
)
def test_what_cannot_be_judged_does_not_pass(plan: str) -> None:
    code, said, why = judge(plan)
    assert (code, said) == (2, "")
    assert why.startswith("The plan cannot be judged.")


def permission(folder: Path, **changed: Any) -> Path:
    told = {
        "addresses": ["aws_db_instance.this"],
        "reason": "Moved by hand in the maintenance of May",
        "approved_by": ["ann@example.com", "ben@example.com"],
        "expires": date.today() + timedelta(days=3),
    } | changed
    lines = [f"{name} = {value if isinstance(value, date) else json.dumps(value)}\n" for name, value in told.items()]
    (folder / "allow.toml").write_text("".join(lines))
    return folder / "allow.toml"


def test_two_people_let_a_named_address_pass_and_nothing_beside_it(tmp_path: Path) -> None:
    code, said, _ = judge(recorded("replace"), "--allow", permission(tmp_path))
    assert code == 0
    assert "let pass: would replace aws_db_instance.this" in said
    code, said, _ = judge(recorded("destroy"), "--allow", permission(tmp_path))
    assert code == 20
    assert "let pass: would destroy aws_db_instance.this" in said
    assert "refused: would destroy aws_kms_key.this" in said


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"approved_by": ["ann@example.com"]}, "two different people"),
        ({"approved_by": ["ann@example.com", "Ann@example.com "]}, "two different people"),
        ({"reason": "because"}, "must be a sentence"),
        ({"expires": date.today() - timedelta(days=2)}, "has passed"),
        ({"expires": date.today() + timedelta(days=30)}, "more than 7 days ahead"),
        ({"expires": "soon"}, "must be a date"),
        ({"addresses": []}, "must name each one"),
        ({"addresses": ["aws_*"]}, "must name each one"),
        ({"addresses": ["aws_db_instance.other"]}, "what the plan does not touch"),
    ],
)
def test_a_permission_that_is_none_stops_everything(changed: dict[str, Any], why: str, tmp_path: Path) -> None:
    code, _, said = judge(recorded("replace"), "--allow", permission(tmp_path, **changed))
    assert code == 2
    assert why in said
