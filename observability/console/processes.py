"""Each process says every ten seconds that it is there, and what it holds."""

import os
import socket
import sys
import threading
import weakref
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.backends.signals import connection_created

from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID

EVERY = 10.0
SAY_SQL = """
INSERT INTO console_process (id, tenant_id, kind, host, pid, version, started_at, seen_at, connections, busy, threads,
                             memory_mb)
VALUES (tika_uuid7(), %(tenant)s, %(kind)s, %(host)s, %(pid)s, %(version)s, %(started)s, now(), %(connections)s,
        %(busy)s, %(threads)s, %(memory)s)
ON CONFLICT (tenant_id, host, pid) DO UPDATE SET kind = excluded.kind, version = excluded.version,
    started_at = excluded.started_at, seen_at = excluded.seen_at, connections = excluded.connections,
    busy = excluded.busy, threads = excluded.threads, memory_mb = excluded.memory_mb
"""
STATUS = Path("/proc/self/status")
opened: "weakref.WeakSet[Any]" = weakref.WeakSet()
lock = threading.Lock()
started = datetime.now(UTC)


def install() -> None:
    connection_created.connect(note, dispatch_uid="console.processes")


def note(connection: Any, **told: Any) -> None:
    with lock:
        opened.add(connection)


def kind() -> str:
    """web, live or worker; "" for a command, which is not waited for."""
    main = getattr(sys.modules.get("__main__"), "__spec__", None)
    if settings.DB_ROLE == "worker":
        return "worker"
    if main is not None and main.name.startswith("tika.live"):
        return "live"
    return "web" if "gunicorn.arbiter" in sys.modules else ""


def say() -> None:
    mine = kind()
    if not mine:
        return
    with lock:
        held = [one for one in opened if one.connection is not None]
    told = {
        "tenant": OPERATORS_ID,
        "kind": mine,
        "host": socket.gethostname()[:100],
        "pid": os.getpid(),
        "version": settings.VERSION,
        "started": started,
        "connections": len(held),
        "busy": sum(one.in_atomic_block for one in held),
        "threads": threading.active_count(),
        "memory": memory_mb(),
    }
    with tenant_context(OPERATORS_ID), connection.cursor() as cursor:
        cursor.execute(SAY_SQL, told)


def memory_mb() -> int | None:
    """What the process has in memory, where Linux says it."""
    if not STATUS.exists():
        return None
    for line in STATUS.read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1024
    return None
