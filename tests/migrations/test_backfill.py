"""Filling a column of many rows, of all tenants, in pieces that end for themselves."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tenancy.backfill import Backfill
from tests.cast import Person, Scene, run_sql
from tika.cli.environment import ROOT

PROGRAM = """
import django
django.setup()
from django.db import connection
from tenancy.backfill import Backfill
fill = Backfill({sql!r}, rows={rows}, pause={pause})
with connection.schema_editor(atomic=False) as editor:
    fill.database_forwards("boards", editor, None, None)
"""
SQL = """UPDATE boards_ticket SET estimate = 7 WHERE board_id = '{board}' AND id IN (
    SELECT id FROM boards_ticket WHERE board_id = '{board}' AND estimate IS NULL LIMIT %(rows)s)"""


def start(board: Scene, *, rows: int, pause: float) -> "subprocess.Popen[bytes]":
    program = PROGRAM.format(sql=SQL.format(board=board.id), rows=rows, pause=pause)
    environ = os.environ | {"TIKA_DB_ROLE": "migrator", "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", program], env=environ, cwd=ROOT)


def filled(board: Scene) -> int:
    query = "SELECT count(*) FROM boards_ticket WHERE board_id = %s AND estimate = 7"
    return int(run_sql(query, [board.id], tenant=board.workspace.id)[0][0])


def entries(board: Scene) -> int:
    query = "SELECT count(*) FROM audit_entry WHERE board_id = %s AND resource = 'ticket' AND action = 'UPDATE'"
    return int(run_sql(query, [board.id], tenant=board.workspace.id)[0][0])


@pytest.fixture
def twenty(board: Scene, olga: Person) -> Scene:
    for number in range(20):
        board.ticket(f"n{number}", "backlog")
    return board


def test_all_rows_are_filled_and_each_is_logged_once(twenty: Scene) -> None:
    before = entries(twenty)
    assert start(twenty, rows=6, pause=0).wait(60) == 0
    assert filled(twenty) == len(twenty.tickets) == entries(twenty) - before


def test_one_that_was_killed_goes_on_where_it_was(twenty: Scene) -> None:
    before = entries(twenty)
    first = start(twenty, rows=2, pause=0.3)
    until = time.monotonic() + 60
    while filled(twenty) < 4:
        assert time.monotonic() < until
        time.sleep(0.02)
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    kept = filled(twenty)
    assert 4 <= kept < 20
    assert start(twenty, rows=50, pause=0).wait(60) == 0
    # Nothing is done twice: a row that was filled is not written again.
    assert entries(twenty) - before == filled(twenty) > kept


def test_a_statement_without_a_limit_is_refused() -> None:
    with pytest.raises(ValueError, match=r"%\(rows\)s"):
        Backfill("UPDATE boards_ticket SET estimate = 7")
