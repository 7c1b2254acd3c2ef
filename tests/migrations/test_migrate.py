"""A migration that needs a table people use waits shortly, lets them go first, and comes again."""

import os
import subprocess
import sys

import pytest
from django.db import OperationalError
from psycopg.errors import LockNotAvailable, UndefinedTable

from tenancy.management.commands import migrate
from tests.cast import Scene, connect, run_sql
from tika.cli.environment import ROOT

ALTER = """
import django
django.setup()
from django.db import connection
from tenancy.management.commands.migrate import until_locked
def change():
    with connection.schema_editor() as editor:
        editor.execute("ALTER TABLE boards_label ALTER COLUMN name SET NOT NULL")
until_locked(change, lambda text: print(text, flush=True))
"""


def altering() -> "subprocess.Popen[str]":
    environ = os.environ | {"TIKA_DB_ROLE": "migrator", "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", ALTER], env=environ, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_a_reader_who_comes_later_is_not_kept_waiting(board: Scene) -> None:
    """Somebody has the table in hand for longer than the migration waits; others go on reading meanwhile."""
    with connect() as own, own.transaction():
        own.execute("SELECT count(*) FROM boards_label")
        process = altering()
        assert process.stdout
        told = process.stdout.readline()
        assert "they go first" in told
        query = "SELECT count(*) FROM boards_label"
        assert run_sql(query, tenant=board.workspace.id)[0][0] > 0
    assert process.wait(60) == 0


def failing(*errors: Exception) -> tuple[list[int], object]:
    calls: list[int] = []

    def run() -> None:
        calls.append(1)
        if len(calls) <= len(errors):
            raise OperationalError from errors[len(calls) - 1]

    return calls, run


def test_it_gives_up_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "PAUSE", 0)
    calls, run = failing(*[LockNotAvailable()] * 50)
    with pytest.raises(OperationalError):
        migrate.until_locked(run, lambda text: None)  # type: ignore[arg-type]
    assert len(calls) == migrate.TRIES


def test_another_fault_is_told_at_once() -> None:
    calls, run = failing(UndefinedTable())
    with pytest.raises(OperationalError):
        migrate.until_locked(run, lambda text: None)  # type: ignore[arg-type]
    assert len(calls) == 1


def test_the_migrator_waits_two_seconds_for_a_lock() -> None:
    url = os.environ["DATABASE_URL_MIGRATOR"]
    program = "import django; django.setup()\nfrom django.db import connection as c\nk = c.cursor(); k.execute('SHOW lock_timeout'); print(k.fetchone()[0])"
    environ = os.environ | {"TIKA_DB_ROLE": "migrator", "PYTHONPATH": str(ROOT), "DATABASE_URL_MIGRATOR": url}
    done = subprocess.run([sys.executable, "-c", program], env=environ, cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "2s"
