"""How many statements a request sends.

The wheel has no pg_stat_statements, so PostgreSQL is asked to log each statement for a moment (`log_statement`). That
counts what clients send, the transaction's own words apart, and not what triggers and functions do inside. Sessions of
`web` are known by the statement that only it sends.
"""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

REQUESTS = 20
LINE = re.compile(r"\[bench (\d+)\] LOG:  (?:statement|execute [^:]*): (.*)")
FRAME = re.compile(r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|ROLLBACK TO)\b", re.I)
WEB = "tenancy_identify"


@contextmanager
def told(url: str, log: Path) -> Iterator[list[str]]:
    """Fills the list with the statements `web` sent within the block, BEGIN and COMMIT left out."""
    found: list[str] = []
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET log_statement = 'all'")
        connection.execute("ALTER SYSTEM SET log_line_prefix = '[bench %p] '")
        reload(connection)
        start = len(log.read_text())
        try:
            yield found
        finally:
            connection.execute("ALTER SYSTEM RESET log_statement")
            connection.execute("ALTER SYSTEM RESET log_line_prefix")
            reload(connection)
    sent = entries(log.read_text()[start:])
    web = {session for session, statement in sent if WEB in statement}
    found += [statement for session, statement in sent if session in web and not FRAME.match(statement)]


def entries(text: str) -> list[tuple[str, str]]:
    """(session, statement); a statement's later lines carry no prefix of their own."""
    found: list[tuple[str, str]] = []
    for line in text.splitlines():
        if match := LINE.search(line):
            found.append((match[1], match[2]))
        elif found:
            session, begun = found[-1]
            found[-1] = session, f"{begun}\n{line}"
    return found


def reload(connection: psycopg.Connection[tuple[object, ...]]) -> None:
    connection.execute("SELECT pg_reload_conf()")
    time.sleep(0.5)
