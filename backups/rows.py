"""The few rows the `backup` process reads and writes, in SQL: it runs all day and does without Django."""

from datetime import datetime
from typing import Any

import psycopg

OPERATORS = "00000000-0000-7000-8000-000000000001"  # tenancy.operators.OPERATORS_ID
TELL_SQL = "SELECT set_config('app.tenant_id', %s, true), set_config('app.actor', 'system:backup', true)"
ARCHIVE_SQL = """
INSERT INTO backups_archive (id, tenant_id, covered_until, lsn, seen_at, gap_at, is_supported, error)
VALUES (tika_uuid7(), %(tenant)s, %(covered)s, %(lsn)s, now(), %(gap)s, %(supported)s, %(error)s)
ON CONFLICT (tenant_id) DO UPDATE SET seen_at = now(), is_supported = excluded.is_supported, error = excluded.error,
    covered_until = coalesce(excluded.covered_until, backups_archive.covered_until),
    lsn = coalesce(nullif(excluded.lsn, ''), backups_archive.lsn),
    gap_at = coalesce(excluded.gap_at, backups_archive.gap_at)
"""
FACTS_SQL = """
SELECT now(),
       (SELECT gap_at FROM backups_archive WHERE tenant_id = %(tenant)s),
       (SELECT jsonb_object_agg(kind, newest) FROM (
            SELECT kind, max(started_at) AS newest FROM backups_backup
            WHERE tenant_id = %(tenant)s AND state IN ('done', 'pruned') GROUP BY kind) done),
       (SELECT jsonb_object_agg(kind, newest) FROM (
            SELECT kind, max(started_at) AS newest FROM backups_backup
            WHERE tenant_id = %(tenant)s AND state IN ('failed', 'running') GROUP BY kind) tried),
       (SELECT max(started_at) FROM backups_restoredrill WHERE tenant_id = %(tenant)s AND state <> 'asked'),
       (SELECT array_agg(kind) FROM backups_backup WHERE tenant_id = %(tenant)s AND state = 'asked'),
       (SELECT count(*) FROM backups_restoredrill WHERE tenant_id = %(tenant)s AND state = 'asked')
"""


class Rows:
    def __init__(self, url: str) -> None:
        self.url = url

    def write(
        self, *, covered: datetime | None = None, lsn: str = "", gap: datetime | None = None, supported: bool = True,
        error: str = "",
    ) -> None:  # fmt: skip
        told = {"covered": covered, "lsn": lsn, "gap": gap, "supported": supported, "error": error}
        with psycopg.connect(self.url, connect_timeout=10) as connection:
            connection.execute(TELL_SQL, [OPERATORS])
            connection.execute(ARCHIVE_SQL, {"tenant": OPERATORS, **told})

    def facts(self) -> Any:
        with psycopg.connect(self.url, connect_timeout=10) as connection:
            connection.execute(TELL_SQL, [OPERATORS])
            return connection.execute(FACTS_SQL, {"tenant": OPERATORS}).fetchone()
