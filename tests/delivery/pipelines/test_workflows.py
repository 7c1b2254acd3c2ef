"""What the workflows may do, and that they do it by scripts that run without GitHub too."""

import itertools
import re
import tomllib
from typing import Any

import pytest

from tests.delivery.pipelines.workflows import FOLDER, PATHS, PIPELINE, SCRIPT, jobs, read, steps, triggers
from tika.cli.environment import ROOT

PINS = tomllib.loads((PIPELINE / "pins.toml").read_text())
SECRETS = {"SLACK_WEBHOOK_URL", "TIKA_DAST_PASSWORD", "TIKA_GATE_TOKEN", "TIKA_REPORT_TOKEN", "slack", "token"}
MAY_WRITE = {
    "scans.yml: analyze": {"security-events"},
    "image.yml: image": {"packages", "id-token", "attestations", "security-events"},
    "deploy.yml: image": {"packages", "id-token", "attestations", "security-events"},
    "rollout.yml: rollout": {"id-token"},
    "deploy.yml: staging": {"id-token"},
    "deploy.yml: production": {"id-token"},
    "terraform.yml: plan": {"id-token"},
}


def used() -> list[tuple[str, str, str]]:
    """(file, action@commit, version in the comment) of each line that uses an action of somebody else."""
    found = []
    for path in PATHS:
        for line in path.read_text().splitlines():
            if (match := re.match(r"\s*(?:- )?uses: ([^.\s]\S+)(?: # (\S+))?$", line)) is not None:
                found.append((path.name, match[1], match[2] or ""))
    return found


def test_every_action_is_a_commit_that_stands_in_the_list() -> None:
    assert len(used()) == sum("uses" in step for _, step in steps())
    for where, action, version in used():
        name, _, commit = action.partition("@")
        pin = PINS["actions"]["/".join(name.split("/")[:2])]
        assert (commit, version) == (pin["commit"], pin["version"]), f"{where}: {action}"
        assert re.fullmatch(r"[0-9a-f]{40}", commit)


def test_the_list_holds_nothing_that_is_not_used() -> None:
    names = {"/".join(action.partition("@")[0].split("/")[:2]) for _, action, _ in used()}
    assert set(PINS["actions"]) == names


def test_every_image_is_named_by_the_digest_of_the_list() -> None:
    text = "\n".join(path.read_text() for path in PATHS)
    found = dict(re.findall(r"([\w./-]+:[\w.-]+)@(sha256:[0-9a-f]{64})", text))
    assert found == PINS["images"]
    assert all("image" not in job.get("container", {}) for _, job in jobs())


def test_nobody_may_do_anything_unless_a_job_says_so() -> None:
    for path in PATHS:
        assert read(path)["permissions"] == {}, path.name
    for name, job in jobs():
        writes = {scope for scope, level in job["permissions"].items() if level == "write"}
        assert writes == MAY_WRITE.get(name, set()), name


def test_a_stranger_s_change_is_never_run_with_rights() -> None:
    for path in PATHS:
        assert not {"pull_request_target", "workflow_run", "issue_comment"} & set(triggers(read(path))), path.name
    for name, step in steps():
        if "actions/checkout" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False, name


def test_nothing_runs_for_ever_or_twice_at_once() -> None:
    for name, job in jobs():
        assert "uses" in job or job["timeout-minutes"] <= 60, name
    for path in PATHS:
        if set(triggers(read(path))) != {"workflow_call"}:
            assert "concurrency" in read(path), path.name


def test_a_deployment_is_not_cut_off_by_the_next() -> None:
    assert read(FOLDER / "deploy.yml")["concurrency"]["cancel-in-progress"] is False
    assert read(FOLDER / "rollout.yml")["jobs"]["rollout"]["concurrency"]["cancel-in-progress"] is False


def test_what_others_wrote_is_no_part_of_a_command() -> None:
    for name, step in steps():
        assert "${{" not in step.get("run", ""), name


def test_each_step_calls_a_script_that_is_there() -> None:
    for name, step in steps():
        if "run" in step:
            scripts = SCRIPT.findall(step["run"])
            assert scripts, f"{name}: {step['run']}"
            assert all((ROOT / script).is_file() for script in scripts), f"{name}: {scripts}"


def test_only_the_known_secrets_are_asked_for() -> None:
    text = "\n".join(path.read_text() for path in PATHS)
    assert set(re.findall(r"secrets\.(\w+)", text)) == SECRETS
    assert "secrets: inherit" not in text
    assert not re.search(r"(?i)aws_(access_key|secret)", text)


def combinations() -> list[dict[str, Any]]:
    made = read(FOLDER / "ci.yml")["jobs"]
    return [row for name in ("tests", "rest") for row in made[name]["strategy"]["matrix"]["include"]]


def test_every_python_meets_every_postgresql_and_each_of_both_the_pooler() -> None:
    rows = combinations()
    pairs = {(row["python"], row["postgresql"]) for row in rows}
    assert pairs >= set(itertools.product(("3.11", "3.12", "3.13", "3.14"), ("16", "17", "18")))
    for axis, values in (("python", ("3.11", "3.12", "3.13", "3.14")), ("postgresql", ("16", "17", "18"))):
        seen = {(row[axis], row["through"]) for row in rows}
        assert seen == set(itertools.product(values, ("direct", "pgbouncer")))
    assert len(rows) == len({tuple(row.values()) for row in rows})


def test_the_check_that_protects_main_needs_all_the_others() -> None:
    made = read(FOLDER / "ci.yml")["jobs"]
    assert set(made["passed"]["needs"]) == set(made) - {"passed", "report"}
    assert made["passed"]["if"] == "always()"


def test_production_comes_after_staging_and_the_gate_and_only_through_the_same_steps() -> None:
    made = read(FOLDER / "deploy.yml")["jobs"]
    assert set(made["production"]["needs"]) == {"image", "staging", "dast", "gate"}
    assert made["gate"]["needs"] == "staging"
    assert made["staging"]["uses"] == made["production"]["uses"]
    assert made["production"]["with"]["environment"] == "production"
    assert made["gate"]["with"]["environment"] not in {"staging", "production"}


def test_a_repository_that_nobody_has_set_up_deploys_nowhere() -> None:
    for name, job in read(FOLDER / "deploy.yml")["jobs"].items():
        assert "vars.TIKA_PRODUCTION_URL != ''" in job["if"], name


def test_the_way_back_does_not_wait_for_staging() -> None:
    made = read(FOLDER / "deploy.yml")["jobs"]
    assert "inputs.change != 'rollback'" in made["staging"]["if"]
    assert "!failure()" in made["production"]["if"]


ORDER = ["verify.sh", "release.py", "release.py", "smoke.py", "watch.py", "rollback.sh", "notify.py", "report.py"]


def test_a_rollout_verifies_first_and_tells_last() -> None:
    made = read(FOLDER / "rollout.yml")["jobs"]["rollout"]["steps"]
    called = [SCRIPT.findall(step["run"])[0].rpartition("/")[2] for step in made if "run" in step]
    assert called == ORDER
    assert "current" in made[5]["run"]


@pytest.mark.parametrize("script", sorted(PIPELINE.glob("*.sh")) + sorted(PIPELINE.glob("[!a]*.py")), ids=str)
def test_each_script_is_used_or_documented(script: Any) -> None:
    told = (ROOT / "docs" / "pipelines.md").read_text()
    assert f"{script.name}" in told
