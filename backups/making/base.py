"""A base backup: the server's files, from which with the write-ahead log every later moment can be reached.

`pg_basebackup` streams one tar file, so nothing waits on this disk to be encrypted. It holds the log of its own
duration (`--wal-method=fetch`) and so restores alone as well; a slot keeps that log on the server meanwhile.
"""

import os
import re
import subprocess
import tempfile
from datetime import UTC, datetime
from typing import Any

import psycopg

from backups.making.making import Making, clean, connect, megabytes, name_of
from backups.manifest import Manifest
from backups.packing import pack
from backups.programs import client, last_words, told
from backups.sentences import Stopped

POINT = re.compile(r"write-ahead log (start|end) point: ([0-9A-F]+/[0-9A-F]+)")


class NoReplication(Stopped):
    """The server does not let a role receive its log."""


def identify(url: str) -> tuple[str, int]:
    """The server's identifier and its timeline. Raises NoReplication."""
    try:
        with psycopg.connect(url, autocommit=True, replication="true", connect_timeout=10) as connection:
            row = connection.execute("IDENTIFY_SYSTEM").fetchone()
    except psycopg.Error as error:
        raise NoReplication(
            "The database does not let tika_backup receive its write-ahead log, so only logical backups are made and"
            " up to a day can be lost: give the role REPLICATION and pg_hba.conf a line `host replication tika_backup"
            f" all scram-sha-256`. It said: {clean(error)}"
        ) from error
    assert row is not None
    system, timeline = (part.decode() if isinstance(part, bytes) else part for part in row[:2])
    return str(system), int(timeline)


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
        with tempfile.TemporaryFile("w+") as errors:
            checkpoint = "fast" if making.urgent else "spread"
            command = [client("pg_basebackup", version), "--pgdata=-", "--format=tar", "--wal-method=fetch"]
            command += [f"--checkpoint={checkpoint}", "--no-password", "--verbose", "--label=tika"]
            command += ["--manifest-checksums=SHA256"]
            process = subprocess.Popen(
                command, env=told(url), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors
            )

            def ended_well() -> None:
                code = process.wait()
                errors.seek(0)
                if code != 0:
                    raise Stopped(f"pg_basebackup failed: {last_words(errors.read())}")

            try:
                part = pack(
                    making.store,
                    f"{name}/base.tar.gz.age",
                    process.stdout,
                    making.key,
                    progress=lambda count: making.say(f"Base backup: {megabytes(count)} read"),
                    check=ended_well,
                )
            finally:
                end(process)
            errors.seek(0)
            points = dict(POINT.findall(errors.read()))
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


def end(process: "subprocess.Popen[bytes]") -> None:
    """Its pipe is closed, so a program that still writes ends."""
    if process.stdout is not None:
        process.stdout.close()
    if process.poll() is None:
        process.terminate()
        process.wait()
