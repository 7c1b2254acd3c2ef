"""How many statements a request sends besides BEGIN and COMMIT, authentication included, triggers aside.

The bench's own process carries the same application under the same settings and the app's role: a request goes through
all of it, and Django's door to the database is watched.
"""

from typing import Any

from django.db import connection
from django.test import Client


def sent_by(request: bytes, wanted: int) -> list[str]:
    """The statements one request sends; `request` is what the load generator would write to the server."""
    head, _, body = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split(" ")
    headers = dict(line.split(": ", 1) for line in lines)
    content_type = headers.pop("Content-Type", "application/json")
    headers.pop("Content-Length", None)
    found: list[str] = []

    def note(execute: Any, statement: str, *rest: Any) -> Any:
        found.append(statement)
        return execute(statement, *rest)

    # Refusals of a forged request are part of what is counted.
    client = Client(enforce_csrf_checks=True)
    with connection.execute_wrapper(note):
        answer = client.generic(method, path, body, content_type, headers=headers)
    if answer.status_code != wanted:
        raise SystemExit(f"{first} answered {answer.status_code}: {answer.content[:500]!r}")
    return found
