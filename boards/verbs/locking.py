"""The board's row comes first in every write, so that everybody locks in one order and versions are in commit order."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection

from boards.queries.visible import VISIBLE, reader_of
from tenancy.errors import NotFound
from tenancy.identity import Member

# NO KEY: rows that only refer to the board (by foreign key) need not wait.
LOCK_SQL = f"""SELECT b.id, b.key, b.version FROM boards_board b
WHERE b.tenant_id = %(tenant)s AND b.id = {{which}} AND {VISIBLE} FOR NO KEY UPDATE OF b"""  # noqa: S608 - constants
BOARD_OF = {
    table: f"(SELECT board_id FROM boards_{table} WHERE tenant_id = %(tenant)s AND id = %(id)s)"  # noqa: S608
    for table in ("ticket", "column", "label", "comment", "checklist", "checklistitem", "attachment")
}


@dataclass(frozen=True)
class LockedBoard:
    id: uuid.UUID
    key: str
    version: int


def _lock(which: str, the_id: uuid.UUID, by: Member) -> LockedBoard:
    parameters: dict[str, Any] = {**reader_of(by), "id": the_id}
    with connection.cursor() as cursor:
        cursor.execute(LOCK_SQL.format(which=which), parameters)
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    return LockedBoard(*row)


def lock_board(board_id: uuid.UUID, *, by: Member) -> LockedBoard:
    """Raises NotFound where there is no such board or the person may not see it."""
    return _lock("%(id)s", board_id, by)


def lock_board_of(table: str, row_id: uuid.UUID, *, by: Member) -> LockedBoard:
    """Locks the board that a ticket, column, ... lives on; the same refusals."""
    return _lock(BOARD_OF[table], row_id, by)
