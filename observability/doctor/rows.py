"""For checks that ask the database: a short transaction, so that one that waits for a lock ends by itself."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

PATIENCE_MS = 2500


@contextmanager
def short() -> Iterator[None]:
    """A transaction whose statements take `PATIENCE_MS` at most; the setting ends with it, pooler or not."""
    with transaction.atomic():
        limit_statements()
        yield


def limit_statements() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(PATIENCE_MS)])


def rows(query: str, parameters: Sequence[Any] | None = None) -> list[tuple[Any, ...]]:
    with short(), connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return list(cursor.fetchall())
