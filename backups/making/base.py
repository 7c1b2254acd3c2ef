"""A base backup: the server's files, from which with the write-ahead log every later moment can be reached.

`pg_basebackup` streams one tar file, so nothing waits on this disk to be encrypted. It holds the log of its own
duration (`--wal-method=fetch`) and so restores alone as well; a slot keeps that log on the server meanwhile.
"""

import os
import re
from datetime import UTC, datetime
from typing import Any

import psycopg

from backups.making.making import Making, clean, connect, name_of
from backups.making.program import packed_output
from backups.manifest import Manifest
from backups.programs import client
from backups.sentences import Stopped

POINT = re.compile(r"write-ahead log (start|end) point: ([0-9A-F]+/[0-9A-F]+)")


class NoReplication(Stopped):
    """The server does not let a role receive its log."""


def identify(url: str) -> tuple[str, int]:
    """The server's identifier and its timeline. Raises NoReplication; Stopped where the server lets nobody in."""
    try:
        with psycopg.connect(url, autocommit=True, replication="true", connect_timeout=10) as connection:
            row = connection.execute("IDENTIFY_SYSTEM").fetchone()
    except psycopg.Error as error:
        # A server that is away, or not trusted, refuses nothing.
        connect(url).close()
        raise NoReplication(
            "The database does not let tika_backup receive its write-ahead log, so a nightly dump is all there is and"
            " up to a day can be lost: give the role REPLICATION and pg_hba.conf a line `host replication tika_backup"
            " all scram-sha-256`; where a provider does not let you, switch on its own backups to a point in time"
            f" as well. It said: {clean(error)}"
        ) from error
    assert row is not None
    system, timeline = (part.decode() if isinstance(part, bytes) else part for part in row[:2])
    return str(system), int(timeline)


def sends_log(url: str) -> bool:
    """Raises Stopped where the server lets nobody in."""
    try:
        identify(url)
    except NoReplication:
        return False
    return True


def make_base(making: Making) -> Manifest:
    """Raises Stopped; nothing is stored then."""
    url = making.config.database
    system, timeline = identify(url)
    started = datetime.now(UTC)
    name = name_of("base", started)
    with connect(url) as connection:
        version = connection.info.server_version
        # Gone with this connection.
        slot = f"tika_base_{os.getpid()}"
        connection.execute("SELECT pg_create_physical_replication_slot(%s, true, true)", [slot])
        checkpoint = "fast" if making.urgent else "spread"
        command = [client("pg_basebackup", version), "--pgdata=-", "--format=tar", "--wal-method=fetch"]
        command += [f"--checkpoint={checkpoint}", "--no-password", "--verbose", "--label=tika"]
        command += ["--manifest-checksums=SHA256"]
        part, said = packed_output(making, command, f"{name}/base.tar.gz.age", what="Base backup")
        points = dict(POINT.findall(said))
        row = connection.execute("SELECT clock_timestamp()::text").fetchone()
        assert row is not None
        at = datetime.fromisoformat(str(row[0])).isoformat()
        more: dict[str, Any] = {
            "database": connection.info.dbname,
            "wal_from": points.get("start", ""),
            "wal_to": points.get("end", ""),
            "system": system,
            "timeline": timeline,
        }
        return making.manifest("base", name, started, [part], covers=at, postgres=version, **more)
