"""deploy/github/protect.sh: what it asks GitHub for, that it may be run again, and what it refuses."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.delivery.pipelines.answering import Reply, answering
from tests.delivery.pipelines.running import stand_in
from tests.delivery.pipelines.workflows import FOLDER, jobs, read
from tika.cli.environment import ROOT

SCRIPT = ROOT / "deploy" / "github" / "protect.sh"
GH = """#!/bin/sh
echo "$*" >>"$CALLS"
case $* in
*--method*) cat >/dev/null ;;
*) echo "$KNOWN" ;;
esac
"""


def protect(*arguments: str, path: str = "/usr/bin:/bin", **environ: str) -> tuple[int, str, str]:
    command = ["/bin/sh", str(SCRIPT), *arguments]
    done = subprocess.run(command, env={"PATH": path, **environ}, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


def requests(said: str) -> dict[str, Any]:
    """{"PUT path": body} of a dry run."""
    parts = re.split(r"^((?:PUT|POST|PATCH) /\S+)\n", said, flags=re.MULTILINE)[1:]
    return {name: json.loads(body or "null") for name, body in zip(parts[::2], parts[1::2], strict=True)}


@pytest.fixture(scope="module")
def dry() -> dict[str, Any]:
    code, said, _ = protect("example/tika", "--dry-run", "--reviewer", "operators")
    assert code == 0
    return requests(said)


def test_each_check_that_main_asks_for_is_a_job_that_runs_on_every_change(dry: dict[str, Any]) -> None:
    rules = {rule["type"]: rule.get("parameters", {}) for rule in dry["POST /repos/example/tika/rulesets"]["rules"]}
    asked = {one["context"] for one in rules["required_status_checks"]["required_status_checks"]}
    languages = read(FOLDER / "scans.yml")["jobs"]["analyze"]["strategy"]["matrix"]["language"]
    names = {job.get("name", "") for _, job in jobs()} | {f"CodeQL ({language})" for language in languages}
    assert asked <= names
    assert rules["required_status_checks"]["strict_required_status_checks_policy"] is True
    assert rules["pull_request"]["require_code_owner_review"] is True
    assert {"deletion", "non_fast_forward"} <= set(rules)


def test_only_main_reaches_an_environment_and_only_others_approve_production(dry: dict[str, Any]) -> None:
    for name in ("staging", "gate", "production", "staging-plan", "production-plan"):
        path = f"/repos/example/tika/environments/{name}"
        assert dry[f"PUT {path}"]["deployment_branch_policy"]["custom_branch_policies"] is True
        assert dry[f"POST {path}/deployment-branch-policies"]["name"] == "main"
    production = dry["PUT /repos/example/tika/environments/production"]
    assert production["prevent_self_review"] is True
    assert [one["type"] for one in production["reviewers"]] == ["Team"]


def test_actions_must_be_commits_and_tokens_may_only_read(dry: dict[str, Any]) -> None:
    assert dry["PUT /repos/example/tika/actions/permissions"]["sha_pinning_required"] is True
    assert dry["PUT /repos/example/tika/actions/permissions/workflow"]["default_workflow_permissions"] == "read"


def test_a_production_that_nobody_approves_is_told_of() -> None:
    assert "Nobody must approve" in protect("example/tika", "--dry-run")[2]
    assert "Nobody must approve" not in protect("example/tika", "--dry-run", "--reviewer", "operators")[2]


@pytest.mark.parametrize(
    ("known", "method"), [("", "POST repos/example/tika/rulesets"), ("7", "PUT repos/example/tika/rulesets/7")]
)
def test_a_second_run_replaces_the_rules_in_place_of_doubling_them(known: str, method: str, tmp_path: Path) -> None:
    path = stand_in(tmp_path / "bin", "gh", GH)
    code, said, why = protect("example/tika", path=path, CALLS=str(tmp_path / "calls"), KNOWN=known)
    assert (code, said) == (0, ""), why
    calls = (tmp_path / "calls").read_text()
    assert f"--method {method} --input -" in calls
    assert calls.count("POST") == (0 if known else 6)


def test_a_tika_that_is_named_is_told_of_the_rules_and_only_once_they_are_set(tmp_path: Path) -> None:
    path = stand_in(tmp_path / "bin", "gh", GH)
    with answering({"/ops/pipeline/steps": Reply()}) as tika:
        own = {"TIKA_URL": tika.url, "TIKA_REPORT_TOKEN": "tika_pat_seen-by-nobody"}
        protect("example/tika", "--dry-run", **own)
        assert tika.asked == []
        own |= {"CALLS": str(tmp_path / "calls"), "KNOWN": "7", "SUDO_UID": os.environ.get("SUDO_UID", "0")}
        code, _, why = protect("example/tika", path=path, **own)
    assert code == 0, why
    assert [json.loads(body)["steps"] for _, body in tika.asked] == [{"branch-protection": "passed"}]


@pytest.mark.parametrize("arguments", [(), ("tika",), ("a/b/c",), ("/b",), ("a/b", "--reviewer"), ("a/b", "--force")])
def test_what_is_no_repository_is_refused(arguments: tuple[str, ...]) -> None:
    assert protect(*arguments)[0] == 2


def test_without_gh_it_says_where_to_get_it(tmp_path: Path) -> None:
    for name in ("sh", "dirname"):
        (tmp_path / name).symlink_to(shutil.which(name) or "")
    code, said, why = protect("a/b", path=str(tmp_path))
    assert (code, said) == (2, "")
    assert "https://cli.github.com" in why


def test_each_part_of_the_code_that_guards_others_has_an_owner() -> None:
    lines = [line.split() for line in (ROOT / ".github" / "CODEOWNERS").read_text().splitlines() if line[:1] in "/*"]
    assert {"*", "/.github/", "/deploy/", "/tenancy/", "/audit/"} <= {line[0] for line in lines}
    assert all(len(line) > 1 for line in lines)
