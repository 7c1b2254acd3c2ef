"""What the installation is used for, in figures: what the doctor's signals and the cost estimate are made of."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.db import connection

from observability.console.queries.pipeline import steps
from tenancy.operators import OPERATORS_ID

# Seconds that counting the files may take; what was not reached is not counted.
WALK = 2.0
USAGE_SQL = """
SELECT (SELECT count(*) FROM tenancy_user WHERE is_active),
       (SELECT count(DISTINCT user_id) FROM tenancy_session WHERE expire_date > now() AND user_id IS NOT NULL),
       (SELECT count(*) - 1 FROM tenancy_all_ids()),
       (SELECT count(*) FROM audit_operator WHERE tenant_id = %(ops)s AND revoked_at IS NULL),
       (SELECT coalesce(sum(count), 0)::bigint FROM boards_tickets_by_category()),
       (SELECT coalesce(sum(valid - synthetic), 0)::float8 FROM slo_sliminute
        WHERE tenant_id = %(ops)s AND sli = 'availability' AND minute > now() - interval '1 day'),
       (SELECT count(*) FROM console_errorgroup
        WHERE tenant_id = %(ops)s AND last_seen_at > now() - interval '7 days'),
       (SELECT count(*) FROM console_mark
        WHERE tenant_id = %(ops)s AND kind = 'deploy' AND at > now() - interval '30 days'),
       (SELECT coalesce(sum(greatest(c.reltuples, 0)), 0)::bigint
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'audit_entry'::regclass),
       pg_database_size(current_database())
"""


@dataclass(frozen=True)
class Usage:
    """`people` are accounts, `signed_in` those with a session; `requests` a day, by people; `entries` of the log as
    PostgreSQL's statistics have them; sizes in bytes, `files_complete` says whether all files were counted."""

    people: int
    signed_in: int
    workspaces: int
    operators: int
    tickets: int
    requests: float
    errors: int
    deploys: int
    entries: int
    database_bytes: int
    files_bytes: int = 0
    files_complete: bool = True
    staging_reported: bool = False

    def figures(self) -> dict[str, float | None]:
        """By the names of `observability.doctor.signals`."""
        return {
            "people": self.people,
            "operators": self.operators,
            "requests_per_day": self.requests,
            "errors_7d": self.errors,
            "deploys_without_staging_30d": 0 if self.staging_reported else self.deploys,
        }


def usage(*, files: bool = False) -> Usage:
    """Of the operators' transaction. `files` are counted one by one, which may take two seconds."""
    with connection.cursor() as cursor:
        cursor.execute(USAGE_SQL, {"ops": OPERATORS_ID})
        counts = cursor.fetchone()
    size, complete = size_of(settings.FILES_DIR) if files else (0, False)
    return replace(Usage(*counts), files_bytes=size, files_complete=complete, staging_reported="staging" in steps())


def size_of(folder: Path) -> tuple[int, bool]:
    """(bytes, whether that is all of them)."""
    until, total = time.monotonic() + WALK, 0
    for size in sizes(folder):
        total += size
        if time.monotonic() > until:
            return total, False
    return total, True


def sizes(folder: Path) -> Iterator[int]:
    for path, _folders, names in os.walk(folder):
        for name in names:
            try:
                yield (Path(path) / name).lstat().st_size
            except OSError:
                # Deleted meanwhile.
                continue
