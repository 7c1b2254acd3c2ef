"""Hands what a process counted to the database: one statement every ten seconds."""

import json

from django.db import connection

from observability.slo.tally import tally

EVERY = 10.0


def flush() -> None:
    """While the database cannot be reached the counts wait. Once sent they are gone: where nobody knows whether the
    statement was committed, up to ten seconds of counts are lost rather than counted twice."""
    tally.fold()
    reach_database()
    if counts := tally.take():
        with connection.cursor() as cursor:
            cursor.execute("SELECT slo_count(%s::jsonb)", [json.dumps(counts)])


def reach_database() -> None:
    """Raises OperationalError. A connection that died since the last time is replaced before anything is taken."""
    if connection.connection is not None and not connection.is_usable():
        connection.close()
    connection.ensure_connection()
