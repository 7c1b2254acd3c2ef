"""What is in a database, as one number of rows and one checksum for each table: to compare a restore with."""

from collections.abc import Iterable
from typing import Any

from psycopg import Connection, sql

# Signs of life and counters that change by the second, and prove nothing.
LEFT_OUT = frozenset({"tika_cache", "console_process", "console_statement", "procrastinate_workers"})
TABLES_SQL = """
SELECT c.relname::text FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY 1
"""
CONTENT_SQL = "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM ONLY {} t"
Contents = dict[str, list[int]]


def tables(connection: "Connection[Any]") -> list[str]:
    return [row[0] for row in connection.execute(TABLES_SQL).fetchall() if row[0] not in LEFT_OUT]


def contents(connection: "Connection[Any]", wanted: Iterable[str] | None = None) -> Contents:
    """Rows and checksum by table, in the snapshot of the connection's transaction; a role must see all rows for it."""
    found = {}
    for name in tables(connection) if wanted is None else wanted:
        row = connection.execute(sql.SQL(CONTENT_SQL).format(sql.Identifier(name))).fetchone()
        assert row is not None
        found[name] = [int(row[0]), int(row[1])]
    return found


def differences(wanted: Contents, found: Contents, *, later: Contents | None = None) -> list[str]:
    """Sentences. With `later`, another look a moment after the first, what has changed between the two is only held to
    lie between them."""
    later = later or wanted
    said = []
    for name, (rows, checksum) in wanted.items():
        if name not in found:
            said.append(f"{name} is missing")
            continue
        there, its_checksum = found[name]
        if later.get(name) == [rows, checksum]:
            if there != rows:
                said.append(f"{name} has {there} rows instead of {rows}")
            elif its_checksum != checksum:
                said.append(f"{name} has the right number of rows with other contents")
        elif not between(there, rows, later.get(name, [rows])[0]):
            said.append(f"{name} has {there} rows instead of {rows} to {later[name][0]}")
    return said


def between(there: int, first: int, second: int) -> bool:
    """With as much room on both sides as lies between: rows come and go while one looks."""
    room = abs(first - second) + 10
    return min(first, second) - room <= there <= max(first, second) + room
