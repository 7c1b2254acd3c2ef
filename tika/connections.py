"""Do all processes fit into what the database server grants? (research P7)

A process opens a connection when it needs one and keeps it, so a server that is too small works until the day when
everybody is there at once.
"""

import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

# Of a web worker beside those of its threads: of its start, and of its beat.
WEB_BESIDE = 2
LIVE = 6  # its pool and its listener
WORKER = 24  # its queue's pool, its watch, its beat, rounds and jobs
EXPORTER = 1
# For commands, a migration, a dump.
FREE = 3
GRANTED_SQL = """
SELECT least(current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
             - coalesce(current_setting('reserved_connections', true)::int, 0),
    (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database()),
    (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user))
"""


class TooFewConnections(ImproperlyConfigured):
    pass


def web_workers() -> int:
    return int(os.environ.get("TIKA_WEB_WORKERS", "2"))


def web_threads() -> int:
    return int(os.environ.get("TIKA_WEB_THREADS", "8"))


def web_replicas() -> int:
    return int(os.environ.get("TIKA_WEB_REPLICAS", "1"))


def needed() -> dict[str, int]:
    """Connections at most, by who opens them."""
    web = web_replicas() * web_workers() * (web_threads() + WEB_BESIDE)
    return {"web": web, "live": LIVE, "worker": WORKER, "exporter": EXPORTER, "commands": FREE}


def granted() -> int:
    with connection.cursor() as cursor:
        cursor.execute(GRANTED_SQL)
        return int(cursor.fetchone()[0])


def refuse_too_few_connections() -> None:
    """Raises TooFewConnections. Behind PgBouncer connections are handed on, and its own limits count."""
    if settings.PGBOUNCER:
        return
    parts, limit = needed(), granted()
    if (total := sum(parts.values())) > limit:
        said = ", ".join(f"{name} {count}" for name, count in parts.items())
        raise TooFewConnections(
            f"Tika does not start: its processes may open {total} connections to the database ({said}), which grants"
            f" {limit}. web opens {web_replicas()} replicas x {web_workers()} workers x ({web_threads()} threads +"
            f" {WEB_BESIDE}): lower TIKA_WEB_WORKERS or TIKA_WEB_THREADS, raise the server's max_connections, or put"
            " PgBouncer before it (TIKA_PGBOUNCER=1)."
        )
