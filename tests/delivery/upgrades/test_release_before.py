"""Two releases on one database, as during a rolling upgrade and after a rollback.

The release before is taken from git as it was: its tables are made by its own migrations and filled by its own code,
then today's migrations run over them. Its API tests must pass on that, and today's too.
"""

import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import psycopg
import pytest

from tests import database, servers
from tests.delivery.unchecked import could_not_check
from tika.cli.environment import ROOT
from tika.release import NoPreviousRelease, previous_release

NAME = "tika_upgraded"
# What scripts and pages do all day, refusals and conflicts among it; it was there in the release before.
OLD: tuple[str, ...] = ("tests/boards/api/test_conflicts.py", "tests/boards/api/test_idempotency.py")
OLD += ("tests/boards/verbs/test_wip_limit.py", "tests/tenancy/test_tokens.py")
NEW = ("tests/boards/api/test_conflicts.py", "tests/boards/api/test_idempotency.py")
COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, column_default FROM information_schema.columns
WHERE table_schema = 'public' AND table_name NOT LIKE 'audit_entry_%' ORDER BY 1, 2
"""
REST = """
SELECT 'index', indexname::text, regexp_replace(indexdef, 'ONLY ', '') FROM pg_indexes
WHERE schemaname = 'public' AND tablename NOT LIKE 'audit_entry_%'
UNION ALL SELECT 'policy', tablename::text, policyname || coalesce(qual, '') FROM pg_policies
WHERE schemaname = 'public'
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname || pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE 'audit_entry_%'
UNION ALL SELECT 'function', proname::text, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace
ORDER BY 1, 2, 3
"""


@dataclass(frozen=True)
class Upgraded:
    old: Path
    environ: dict[str, str]
    superuser: str

    def run(self, root: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        environ = {**os.environ, **self.environ, "PYTHONPATH": str(root), **more}
        command = [sys.executable, *arguments]
        return subprocess.run(command, cwd=root, env=environ, capture_output=True, text=True, timeout=600, check=False)

    def manage(self, root: Path, *arguments: str, role: str = "app") -> None:
        done = self.run(root, "-W", "ignore", str(root / "manage.py"), *arguments, TIKA_DB_ROLE=role)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]

    def test(self, root: Path, paths: tuple[str, ...]) -> int:
        """How many passed; none may fail."""
        there = [path for path in paths if (root / path).exists()]
        done = self.run(root, "-m", "pytest", "--rootdir", str(root), "-p", "no:xdist", "-o", "addopts=", *there)
        assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
        found = re.search(r"(\d+) passed", done.stdout)
        assert found, done.stdout
        return int(found[1])


@pytest.fixture(scope="module")
def upgraded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgraded]:
    try:
        commit = previous_release(ROOT)
    except NoPreviousRelease as error:
        could_not_check("the release before on today's tables", str(error))
    old = tmp_path_factory.mktemp("old")
    packed = subprocess.run(["git", "-C", str(ROOT), "archive", commit], capture_output=True, check=True).stdout
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(old, filter="data")
    server = servers.of_this_run()
    drop(server.url("postgres", "postgres"))
    found = Upgraded(old, database.prepare(server, NAME), server.url("postgres", NAME))
    found.manage(old, "migrate", "--no-color", role="migrator")
    found.manage(old, "seed_demo", "--email", "owner@example.com")
    found.manage(ROOT, "migrate", "--no-color", role="migrator")
    yield found
    drop(server.url("postgres", "postgres"))


def drop(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)".encode())


def asked(url: str, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(query.encode()).fetchall()


def test_the_release_before_works_on_todays_tables(upgraded: Upgraded) -> None:
    passed = upgraded.test(upgraded.old, OLD)
    print(f"{passed} tests of the release before passed on today's tables")
    assert passed > 20


def test_today_works_on_tables_and_rows_that_the_release_before_made(upgraded: Upgraded) -> None:
    passed = upgraded.test(ROOT, NEW)
    print(f"{passed} tests of today passed on upgraded tables")
    assert passed > 10


def test_upgraded_tables_are_those_of_a_new_installation(upgraded: Upgraded) -> None:
    fresh = os.environ["TIKA_SUPERUSER_URL"]
    for query in (COLUMNS, REST):
        missing = set(asked(fresh, query)) ^ set(asked(upgraded.superuser, query))
        assert missing == set()
