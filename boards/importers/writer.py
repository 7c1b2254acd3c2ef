"""A draft's board into rows, in the caller's transaction: all of it or nothing."""

import uuid

from django.db import connection

from boards.importers import draft
from boards.importers.frame import write_frame
from boards.importers.known import Known, Unknown, known
from boards.importers.parts import write_parts
from boards.importers.target import Run, Target
from boards.importers.tickets import write_tickets


def write_board(run: Run, board: draft.Board) -> uuid.UUID:
    """Adds what is not there yet; what is there stays as it is. Returns the board's id."""
    lock_imports(run.tenant_id)
    seen = known(run.tenant_id, run.source, board.source_id)
    if isinstance(seen, Unknown):
        Known(run.tenant_id, run.source, board.source_id).forget_board()
    target = Target(run, board.source_id, seen)
    frame = write_frame(target, board)
    tickets = write_tickets(target, board, frame)
    write_parts(target, board, frame, tickets)
    return target.board_id


def lock_imports(tenant_id: uuid.UUID) -> None:
    """One import at a time writes in a workspace: two of the same file must not both find nothing there.

    Its statements carry a thousand rows, each with its triggers, so they may take longer than a page's.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '10min'")
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"import {tenant_id}"])
