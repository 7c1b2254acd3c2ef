"""A file's facts, sorted into a scratch database on disk, so that memory stays flat whatever their number or order."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

SCHEMA = """
CREATE TABLE boards (n INTEGER PRIMARY KEY, id TEXT, name TEXT, description TEXT, closed INT);
CREATE TABLE lists (n INT, id TEXT, name TEXT, pos REAL, closed INT, closed_at TEXT, wip INT, colour TEXT,
    PRIMARY KEY (n, id)) WITHOUT ROWID;
CREATE TABLE labels (n INT, id TEXT, name TEXT, colour TEXT, of_board INT, place INT,
    PRIMARY KEY (n, id)) WITHOUT ROWID;
CREATE TABLE label_names (n INT, colour TEXT, name TEXT);
CREATE TABLE people (n INT, id TEXT, name TEXT, former INT, PRIMARY KEY (n, id)) WITHOUT ROWID;
CREATE TABLE cards (n INT, id TEXT, list TEXT, number INT, title TEXT, description TEXT, pos REAL, closed INT,
    closed_at TEXT, due TEXT, start TEXT, created TEXT, active TEXT, creator TEXT, comments INT, PRIMARY KEY (n, id));
CREATE TABLE card_labels (n INT, card TEXT, label TEXT, place INT, PRIMARY KEY (n, card, label)) WITHOUT ROWID;
CREATE TABLE card_people (n INT, card TEXT, person TEXT, place INT, PRIMARY KEY (n, card, person)) WITHOUT ROWID;
CREATE TABLE checklists (n INT, id TEXT, card TEXT, name TEXT, pos REAL, PRIMARY KEY (n, id)) WITHOUT ROWID;
CREATE TABLE items (n INT, id TEXT, checklist TEXT, text TEXT, pos REAL, done INT, due TEXT, person TEXT,
    PRIMARY KEY (n, id)) WITHOUT ROWID;
CREATE TABLE attachments (n INT, id TEXT, card TEXT, name TEXT, url TEXT, mime TEXT, file TEXT, pos REAL, at TEXT,
    person TEXT, PRIMARY KEY (n, id)) WITHOUT ROWID;
CREATE TABLE comments (n INT, id TEXT, card TEXT, person TEXT, body TEXT, at TEXT, edited TEXT, PRIMARY KEY (n, id));
CREATE TABLE moves (n INT, id TEXT, card TEXT, before TEXT, after TEXT, at TEXT, person TEXT,
    PRIMARY KEY (n, id)) WITHOUT ROWID;
CREATE TABLE births (n INT, card TEXT, at TEXT, person TEXT, PRIMARY KEY (n, card)) WITHOUT ROWID;
CREATE TABLE closings (n INT, id TEXT, at TEXT, PRIMARY KEY (n, id)) WITHOUT ROWID;
CREATE TABLE fields (n INT, id TEXT, name TEXT, pos REAL, PRIMARY KEY (n, id)) WITHOUT ROWID;
CREATE TABLE options (n INT, id TEXT, text TEXT, PRIMARY KEY (n, id)) WITHOUT ROWID;
CREATE TABLE field_values (n INT, card TEXT, field TEXT, text TEXT, option TEXT, PRIMARY KEY (n, card, field))
    WITHOUT ROWID;
CREATE TABLE notes (n INT, card TEXT, text TEXT);
CREATE TABLE seen_lists (n INT, id TEXT, name TEXT, PRIMARY KEY (n, id)) WITHOUT ROWID;
"""


class Scratch:
    """Rows in, rows out. A row with an id that is there already is not taken."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._db.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-8000;")
        self._db.executescript(SCHEMA)
        self._db.execute("BEGIN")
        self._inserts: dict[str, str] = {}

    def add(self, table: str, *row: Any) -> bool:
        """False when the row was there."""
        sql = self._inserts.get(table)
        if sql is None:
            places = ",".join("?" * len(row))
            sql = self._inserts[table] = f"INSERT OR IGNORE INTO {table} VALUES ({places})"  # noqa: S608
        return self._db.execute(sql, row).rowcount > 0

    def run(self, sql: str, *values: Any) -> int:
        return self._db.execute(sql, values).rowcount

    def rows(self, sql: str, *values: Any) -> Iterator[tuple[Any, ...]]:
        return iter(self._db.execute(sql, values))

    def one(self, sql: str, *values: Any) -> Any:
        found = self._db.execute(sql, values).fetchone()
        return found[0] if found else None

    def close(self) -> None:
        self._db.close()


@contextmanager
def scratch_in(folder: Path | None = None) -> Iterator[Scratch]:
    """The scratch and its file are gone afterwards."""
    with TemporaryDirectory(prefix="tika-import-", dir=folder, ignore_cleanup_errors=True) as place:
        scratch = Scratch(Path(place) / "facts.sqlite")
        try:
            yield scratch
        finally:
            scratch.close()
