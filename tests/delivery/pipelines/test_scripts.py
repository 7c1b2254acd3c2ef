"""Build, scan, SBOM, signature, verification, audit: what they refuse, and what they ask the real programs for."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.delivery.pipelines.answering import Reply, answering
from tests.delivery.pipelines.running import run, stand_in
from tests.delivery.pipelines.workflows import PIPELINE

SCRIPTS = sorted(path.name for path in PIPELINE.glob("*.*") if path.suffix in {".sh", ".py"} and path.stem != "asking")
DIGEST = "sha256:" + "a1" * 32
IMAGE = f"ghcr.io/example/tika@{DIGEST}"
NOTES = '#!/bin/sh\necho "$(basename "$0") $*" >>"$CALLS"\n'


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_script_says_what_it_is_for(script: str) -> None:
    code, said, _ = run(script, "--help")
    assert code == 0
    assert len(said) > 80
    assert "set -eu" not in said


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    return tmp_path / "calls"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A checkout with the script and nothing else: it builds the commit that it lies in."""
    folder = tmp_path / "checkout"
    shutil.copytree(PIPELINE, folder / "deploy" / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "pyproject.toml").write_text('[project]\nversion = "1.2.3"\n')
    who = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.com", "HOME": str(tmp_path)}
    who |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.com", "PATH": os.environ["PATH"]}
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        subprocess.run(["git", *command], cwd=folder, env=who, check=True)
    return folder


SYFT = """#!/bin/sh
for one in "$@"; do
    case $one in *=*) printf '{"name": "%s"}' "$FOUND" >"${one#*=}" ;; esac
done
"""
DOCKER = NOTES + (
    "while [ $# -gt 0 ]; do\n"
    '[ "$1" != --metadata-file ] || printf \'{"containerimage.digest": "%s"}\' "$DIGEST" >"$2"\n'
    "shift\ndone\n"
)


def build(repository: Path, calls: Path, *arguments: str) -> tuple[int, str, str]:
    path = stand_in(repository.parent / "bin", "docker", DOCKER)
    done = subprocess.run(
        ["sh", repository / "deploy" / "pipeline" / "build.sh", *arguments],
        env={"PATH": path, "CALLS": str(calls), "DIGEST": DIGEST, "HOME": str(repository.parent)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout, done.stderr


def test_the_image_is_pushed_under_its_commit_and_named_by_its_digest(repository: Path, calls: Path) -> None:
    assert build(repository, calls, "ghcr.io/Example/Tika", "--push")[:2] == (0, f"{IMAGE}\n")
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=repository, capture_output=True, text=True).stdout.strip()
    asked = calls.read_text()
    assert f"--tag ghcr.io/example/tika:{commit} --push" in asked
    assert f"TIKA_COMMIT={commit}" in asked
    assert "TIKA_VERSION=1.2.3" in asked


def test_changes_without_a_commit_are_built_for_oneself_and_not_pushed(repository: Path, calls: Path) -> None:
    (repository / "pyproject.toml").write_text("changed\n")
    code, said, why = build(repository, calls, "tika", "--push")
    assert (code, said, calls.exists()) == (1, "", False)
    assert "nobody's" in why
    code, said, _ = build(repository, calls, "tika")
    assert code == 0
    assert said.endswith("-changed\n")


def test_a_deployment_is_reported_under_the_version_that_its_commit_had(repository: Path) -> None:
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=repository, capture_output=True, text=True).stdout.strip()
    (repository / "pyproject.toml").write_text('[project]\nversion = "2.0.0"\n')
    script = repository / "deploy" / "pipeline" / "report.py"
    with answering({"/ops/pipeline/deployment": Reply()}) as tika:
        own = {"TIKA_URL": tika.url, "TIKA_REPORT_TOKEN": "tika_pat_seen-by-nobody", "HOME": str(repository.parent)}
        assert run(script, "deployment", "success", "--commit", commit, **own)[0] == 0
    ((_, told),) = tika.asked
    assert json.loads(told) == {"version": "1.2.3", "commit": commit, "result": "success", "by": "", "run": ""}


@pytest.mark.parametrize("arguments", [(), ("--pull", "tika"), (f"tika@{DIGEST}",)])
def test_a_build_that_was_asked_for_wrongly_does_not_start(
    arguments: tuple[str, ...], repository: Path, calls: Path
) -> None:
    assert build(repository, calls, *arguments)[0] == 2
    assert not calls.exists()


def test_a_scan_fails_where_the_scanner_does_and_where_there_is_none(tmp_path: Path, calls: Path) -> None:
    path = stand_in(tmp_path / "bin", "grype", NOTES + "exit 2\n")
    assert run("scan.sh", IMAGE, "out.sarif", PATH=path, CALLS=str(calls))[0] == 2
    assert calls.read_text() == f"grype {IMAGE} --only-fixed --fail-on high --output table --output sarif=out.sarif\n"
    code, _, why = run("scan.sh", IMAGE, GRYPE="/nowhere/grype", TRIVY="/nowhere/trivy")
    assert code == 2
    assert "nothing was scanned" in why


def test_trivy_stands_in_for_grype(tmp_path: Path, calls: Path) -> None:
    path = stand_in(tmp_path / "bin", "trivy", NOTES + "exit 1\n")
    assert run("scan.sh", IMAGE, PATH=path, CALLS=str(calls), GRYPE="/nowhere/grype")[0] == 1
    assert "--ignore-unfixed --severity HIGH,CRITICAL --exit-code 1" in calls.read_text()


def test_an_sbom_of_something_else_is_refused(tmp_path: Path) -> None:
    path = stand_in(tmp_path / "bin", "syft", SYFT)
    assert run("sbom.sh", IMAGE, tmp_path / "out", PATH=path, FOUND="Django")[0] == 0
    code, _, why = run("sbom.sh", IMAGE, tmp_path / "out", PATH=path, FOUND="busybox")
    assert code == 1
    assert "does not name Django" in why


@pytest.mark.parametrize("script", ["sign.sh", "verify.sh"])
@pytest.mark.parametrize("image", ["tika", "tika:latest", "tika@sha256:abc", ""])
def test_only_a_digest_is_signed_and_trusted(script: str, image: str, tmp_path: Path, calls: Path) -> None:
    path = stand_in(tmp_path / "bin", "cosign", NOTES)
    assert run(script, image, PATH=path, CALLS=str(calls), COSIGN_KEY="key")[0] == 2
    assert not calls.exists()


def test_nobody_s_signature_is_none(tmp_path: Path, calls: Path) -> None:
    path = stand_in(tmp_path / "bin", "cosign", NOTES)
    assert run("sign.sh", IMAGE, PATH=path, CALLS=str(calls))[0] == 2
    assert run("sign.sh", IMAGE, PATH=path, CALLS=str(calls), COSIGN_KEY="tika.key")[0] == 0
    assert run("sign.sh", IMAGE, PATH=path, CALLS=str(calls), ACTIONS_ID_TOKEN_REQUEST_URL="https://x")[0] == 0
    assert calls.read_text() == f"cosign sign --yes --key tika.key {IMAGE}\ncosign sign --yes {IMAGE}\n"


@pytest.mark.parametrize("pattern", ["", ".*", "^.*$", "https://github.com/example", "^https://github.com/example"])
def test_a_signature_is_somebody_s_by_a_whole_address(pattern: str, tmp_path: Path, calls: Path) -> None:
    path = stand_in(tmp_path / "bin", "cosign", NOTES)
    assert run("verify.sh", IMAGE, PATH=path, CALLS=str(calls), TIKA_SIGNED_BY=pattern)[0] == 2
    assert not calls.exists()


def test_the_audit_is_strict_and_stops_at_the_first_bad_lock(tmp_path: Path, calls: Path) -> None:
    path = stand_in(tmp_path / "bin", "pip-audit", NOTES + "exit 1\n")
    assert run("audit.sh", PATH=path, CALLS=str(calls))[0] == 1
    assert "--strict" in calls.read_text()
    assert run("audit.sh", "nothing.lock", PATH=path, CALLS=str(calls))[0] == 2


@pytest.mark.parametrize(
    ("needs", "code"),
    [
        ('{"a": {"result": "success"}, "b": {"result": "skipped"}}', 0),
        ('{"a": {"result": "success"}, "b": {"result": "failure"}}', 1),
        ('{"a": {"result": "success"}, "b": {"result": "cancelled"}}', 1),
        ('{"a": {"result": "skipped"}}', 1),
        ("{}", 1),
        ("", 2),
        ("[1]", 2),
    ],
)
def test_all_have_passed_or_were_left_out(needs: str, code: int) -> None:
    assert run("passed.py", NEEDS=needs)[0] == code


def test_a_way_to_the_database_that_nobody_knows_is_refused() -> None:
    code, _, why = run("test.sh", THROUGH="pgpool")
    assert code == 2
    assert "direct or pgbouncer" in why
