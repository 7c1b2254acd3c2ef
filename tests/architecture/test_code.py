"""What the source itself must keep to."""

import ast
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tika.cli.environment import ROOT

OURS = ("tika", "tenancy", "audit", "boards", "backups", "observability")
LONGEST_FILE, LONGEST_FUNCTION = 250, 40
# Answers that are written after the view has returned, when the transaction and its tenant are gone.
STREAMS = {"boards/api/attachments.py": "a file from disk"}
# Who may touch the cache, whose keys know no tenant.
CACHES: dict[str, str] = {}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for app in OURS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text(encoding="utf-8"))


def names_in(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_imports_go_one_way() -> None:
    program = shutil.which("lint-imports") or str(Path(sys.executable).with_name("lint-imports"))
    done = run(program, "--no-cache")
    assert done.returncode == 0, done.stdout


def test_migrations_are_in_step_with_the_models() -> None:
    done = run(sys.executable, "-W", "ignore", "manage.py", "makemigrations", "--check", "--dry-run")
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_is_cached_without_its_tenant() -> None:
    """Django's cache is one for all tenants: whoever needs it stands in CACHES with the reason."""
    users = {
        path
        for path, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and node.module in {"django.core.cache", "django.views.decorators.cache"}
        and {alias.name for alias in node.names} & {"cache", "caches", "cache_page"}
    }
    assert users == set(CACHES)


def test_no_answer_is_written_after_its_transaction() -> None:
    users = {path for path, tree in sources() if names_in(tree) & {"StreamingHttpResponse", "FileResponse"}}
    assert users == set(STREAMS)


def test_raw_sql_is_never_put_together_from_what_a_request_says() -> None:
    """`ruff` (S608) finds SQL made from strings; a silenced line must say why it is made of constants."""
    silent = [
        f"{path.relative_to(ROOT)}:{number}"
        for app in OURS
        for path in (ROOT / app).rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if "noqa: S608" in line and "request" in line
    ]
    assert silent == []


@pytest.mark.parametrize("app", OURS)
def test_files_and_functions_are_short(app: str) -> None:
    """A question in review, not a law: it warns."""
    for path, tree in sources():
        if not path.startswith(app + "/"):
            continue
        length = len((ROOT / path).read_text(encoding="utf-8").splitlines())
        if length > LONGEST_FILE:
            warnings.warn(f"{path} has {length} lines", stacklevel=1)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
                lines = node.end_lineno - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    warnings.warn(f"{path}: {node.name} has {lines} lines", stacklevel=1)
