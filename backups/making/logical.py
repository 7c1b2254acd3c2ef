"""A logical backup: `pg_dump` in one snapshot, together with what each table held in that same snapshot.

As `tika_backup`, which passes the wall: under FORCE ROW LEVEL SECURITY any other role's dump fails, or (with
--enable-row-security) silently lacks rows (research, pitfall R19).
"""

from datetime import UTC, datetime
from typing import Any

from backups.contents import contents
from backups.making.making import Making, connect, name_of
from backups.making.program import packed_output
from backups.manifest import Manifest
from backups.programs import client
from backups.sentences import Stopped

SEES_ALL_SQL = "SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = current_user"


def make_logical(making: Making) -> Manifest:
    """Raises Stopped; nothing is stored then."""
    url = making.config.database
    started = datetime.now(UTC)
    name = name_of("logical", started)
    with connect(url) as connection:
        version, database = connection.info.server_version, connection.info.dbname
        if connection.execute(SEES_ALL_SQL).fetchone() != (True,):
            raise Stopped(
                "tika_backup does not see every row, so its dump would lack some: an administrator runs"
                " ALTER ROLE tika_backup BYPASSRLS."
            )
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT now()::text, pg_export_snapshot()").fetchone()
        assert row is not None
        at, snapshot = row
        command = [client("pg_dump", version), "--format=custom", "--compress=0", f"--snapshot={snapshot}"]
        command += ["--no-password", "--lock-wait-timeout=60000"]
        part, _ = packed_output(making, command, f"{name}/tika.dump.gz.age", what="Logical backup")
        making.say("Logical backup: counting and checksumming its rows")
        found = contents(connection)
    more: dict[str, Any] = {
        "database": database,
        "covers": datetime.fromisoformat(str(at)).isoformat(),
        "postgres": version,
        "tables": found,
    }
    return making.manifest("logical", name, started, [part], **more)
