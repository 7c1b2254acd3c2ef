"""How PostgreSQL is doing, as far as a role sees that may not much."""

from dataclasses import dataclass, replace
from time import perf_counter

from django.db import connection

from tenancy.boot import TOO_MUCH_SQL

# Of other roles, PostgreSQL shows how many there are and not what they do.
DATABASE_SQL = """
SELECT current_setting('server_version'), current_setting('max_connections')::int,
       current_setting('superuser_reserved_connections')::int, pg_database_size(current_database()),
       pg_postmaster_start_time(),
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
       s.blks_hit::float / nullif(s.blks_hit + s.blks_read, 0), s.deadlocks, pg_is_in_recovery()
FROM pg_stat_database s WHERE s.datname = current_database()
"""
CONNECTIONS_SQL = """
SELECT coalesce(usename, '?')::text, count(*), count(*) FILTER (WHERE state = 'active'),
       count(*) FILTER (WHERE state LIKE 'idle in transaction%%'), bool_and(state IS NOT NULL)
FROM pg_stat_activity WHERE backend_type = 'client backend' GROUP BY 1 ORDER BY 2 DESC, 1
"""


@dataclass(frozen=True)
class Database:
    """`size` in bytes; `answer_ms` of a statement that asks nothing; `hit_ratio` of blocks found in memory."""

    version: str
    limit: int
    reserved: int
    size: int
    started_at: object
    connections: int
    hit_ratio: float | None
    deadlocks: int
    is_replica: bool
    answer_ms: float = 0.0

    @property
    def short_version(self) -> str:
        """ "18.4" of "18.4 (Debian 18.4-1)"."""
        return self.version.split()[0]

    @property
    def free_share(self) -> float:
        usable = self.limit - self.reserved
        return max(0.0, 1 - self.connections / usable) if usable else 0.0


@dataclass(frozen=True)
class Held:
    """The connections of one role; `busy` and `waiting` (idle in a transaction) are None where they are not shown."""

    role: str
    count: int
    busy: int | None
    waiting: int | None


def database() -> Database:
    with connection.cursor() as cursor:
        began = perf_counter()
        cursor.execute("SELECT 1")
        answer = (perf_counter() - began) * 1000
        cursor.execute(DATABASE_SQL)
        return replace(Database(*cursor.fetchone()), answer_ms=answer)


def held() -> list[Held]:
    with connection.cursor() as cursor:
        cursor.execute(CONNECTIONS_SQL)
        rows = cursor.fetchall()
    return [
        Held(role, count, busy if shown else None, waiting if shown else None)
        for role, count, busy, waiting, shown in rows
    ]


def role_that_passes_the_wall() -> str:
    """What the present role is that it must not be; "" is as it should be (tenancy.boot)."""
    with connection.cursor() as cursor:
        cursor.execute(TOO_MUCH_SQL)
        return cursor.fetchone()[1] or ""
