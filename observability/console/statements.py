"""Which statements take the database's time: timed in the process, normalised, and added up by the hour.

`pg_stat_statements` would say more, but is an extension the embedded server does not have. No lock is taken: of two
threads that count the same statement at the same moment, one may not be counted.
"""

import hashlib
import json
import re
from typing import Any

from django.db import connection

from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID

EVERY = 60.0
# Texts that a process keeps between two turns; what else there is, is added up under one line.
MOST_KEPT, MOST_TOLD = 2000, 60
LONGEST_TEXT = 1500
REST = "(all others)"
STRING = re.compile(r"'(?:[^']|'')*'")
NUMBER = re.compile(r"(?<![\w$%])\d+(?:\.\d+)?(?!\w)")
LIST = re.compile(r"(%s|\?)(?:\s*,\s*(?:%s|\?))+")
SPACES = re.compile(r"\s+")
ADD_SQL = """
INSERT INTO console_statement (id, tenant_id, hour, digest, text, calls, total_ms, longest_ms)
SELECT tika_uuid7(), %s, date_trunc('hour', now()), s.digest, s.text, s.calls, s.total_ms, s.longest_ms
FROM jsonb_to_recordset(%s::jsonb) AS s (digest text, text text, calls bigint, total_ms float, longest_ms float)
ORDER BY s.digest
ON CONFLICT (tenant_id, hour, digest) DO UPDATE SET calls = console_statement.calls + excluded.calls,
    total_ms = console_statement.total_ms + excluded.total_ms,
    longest_ms = greatest(console_statement.longest_ms, excluded.longest_ms)
"""

Cell = list[float]  # calls, total, longest; milliseconds
waiting: dict[str, Cell] = {}


def count(sql: Any, seconds: float, error: BaseException | None = None) -> None:
    """Listens to `observability.statement_timing`."""
    if not isinstance(sql, str):
        return
    cell = waiting.get(sql)
    if cell is None:
        cell = waiting.setdefault(sql if len(waiting) < MOST_KEPT else REST, [0, 0.0, 0.0])
    milliseconds = seconds * 1000
    cell[0] += 1
    cell[1] += milliseconds
    if milliseconds > cell[2]:
        cell[2] = milliseconds


def normalised(sql: str) -> str:
    """Literals and numbers become ?, a list of values %s..., however long: the same statement, the same text."""
    text = SPACES.sub(" ", NUMBER.sub("?", STRING.sub("?", sql))).strip()
    return LIST.sub(r"\1...", text)[:LONGEST_TEXT]


def take() -> dict[str, Cell]:
    """{text: cell} of what was timed since the last time."""
    global waiting
    raw, waiting = waiting, {}
    found: dict[str, Cell] = {}
    # A thread that has looked up the old one may still write to it.
    for sql, cell in list(raw.items()):
        add(found, normalised(sql), cell)
    return found


def add(cells: dict[str, Cell], text: str, more: Cell) -> None:
    cell = cells.setdefault(text, [0, 0.0, 0.0])
    cells[text] = [cell[0] + more[0], cell[1] + more[1], max(cell[2], more[2])]


def flush() -> None:
    """What could not be told is lost: a list of the slowest is no account."""
    cells = take()
    if not cells:
        return
    told: dict[str, Cell] = {}
    for place, text in enumerate(sorted(cells, key=lambda text: -cells[text][1])):
        add(told, text if place < MOST_TOLD else REST, cells[text])
    rows = [
        {"digest": digest_of(text), "text": text, "calls": int(calls), "total_ms": total, "longest_ms": longest}
        for text, (calls, total, longest) in told.items()
    ]
    with tenant_context(OPERATORS_ID), connection.cursor() as cursor:
        cursor.execute(ADD_SQL, [OPERATORS_ID, json.dumps(rows)])


def digest_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
