"""Three weeks of an installation's life, as its processes would have counted them, for pictures of the console."""

import hashlib
import json
import math
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from observability.console import statements
from observability.console.verbs import marks, releases
from observability.slo.edges import BUCKETS, EDGES_MS
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID

# Method, route, answers a minute, and the bucket most of them are in.
ROUTES = (
    ("GET", "api/tickets/<uuid:ticket_id>", 70, 1.6),
    ("GET", "api/boards/<uuid:board_id>/snapshot", 52, 3.1),
    ("GET", "<slug:workspace>/boards/<board_key:key>/", 30, 3.6),
    ("PATCH", "api/tickets/<uuid:ticket_id>", 24, 2.4),
    ("PUT", "api/tickets/<uuid:ticket_id>/position", 21, 2.6),
    ("GET", "api/search", 12, 4.7),
    ("POST", "api/tickets", 9, 3.2),
    ("GET", "api/tickets/<uuid:ticket_id>/history", 6, 3.5),
    ("POST", "accounts/login/", 3, 5.6),
    ("POST", "<slug:workspace>/imports/slices/<uuid:upload_id>", 2, 7.1),
)
STATEMENTS = (
    ("SELECT * FROM tenancy_identify(%s, %s, %s)", 21_400, 0.31),
    (
        'SELECT "boards_ticket"."id", "boards_ticket"."title" FROM "boards_ticket" WHERE "boards_ticket"."id" = %s',
        9_100,
        0.64,
    ),
    ("SELECT document FROM boards_search(%s, %s, 20)", 1_300, 6.2),
    ('UPDATE "boards_ticket" SET "rank" = %s, "column_id" = %s WHERE "boards_ticket"."id" = %s', 2_600, 1.4),
)
TRACEBACK = """Traceback (most recent call last):
  File "boards/verbs/tickets.py", line 84, in move
    lock_board(board_id)
  File "boards/verbs/locking.py", line 21, in lock_board
    cursor.execute(LOCK_SQL, [board_id])
psycopg.errors.LockNotAvailable: canceling statement due to lock timeout"""
ERRORS = (
    (
        "psycopg.errors.LockNotAvailable",
        "canceling statement due to lock timeout",
        "api/tickets/<uuid:ticket_id>/position",
        14,
    ),
    ("builtins.TimeoutError", "timed out", "tika.worker", 3),
)


def fill() -> None:
    tell(minutes=7 * 60, step=1)
    tell(minutes=20 * 24 * 60, step=60, since=7 * 60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT slo_roll_up(%s)", ["2020-01-01"])
        cursor.execute("SELECT console_note_errors(%s::jsonb)", [json.dumps([error(*one) for one in ERRORS])])
    for text, calls, milliseconds in STATEMENTS:
        for number in range(calls):
            statements.count(text, milliseconds / 1000 * wave(number))
    statements.flush()
    mark()


def tell(*, minutes: int, step: int, since: int = 0) -> None:
    """One turn of a process for each of these minutes, the latest first."""
    told: dict[str, list[dict[str, Any]]] = {"minutes": [], "routes": []}
    for minute in range(since, minutes, step):
        rows = [row(minute, place) for place in range(len(ROUTES))]
        told["routes"] += rows
        told["minutes"] += objectives(minute, rows)
    with connection.cursor() as cursor:
        cursor.execute("SELECT slo_count(%s::jsonb)", [json.dumps(told)])


def wave(minute: int, place: int = 0) -> float:
    """Around 1, the same on every machine."""
    return 1 + 0.28 * math.sin(minute / 97 + place) + 0.12 * math.sin(minute / 3.1 + 2 * place)


def row(minute: int, place: int) -> dict[str, Any]:
    method, route, count, middle = ROUTES[place]
    slow = 1.3 if 25 <= minute < 37 else 0.0  # after the deploy of that hour, until it was taken back
    hist = spread(round(count * wave(minute, place)), middle + slow, minute)
    failed = round(count * 0.035) if slow else int(minute % 97 == 5 * place)
    sum_ms = sum(number * edge for number, edge in zip(hist, (*EDGES_MS, EDGES_MS[-1]), strict=True)) * 0.7
    return {"route": route, "method": method, "age": 60 * minute, "failed": failed, "sum_ms": sum_ms, "hist": hist}


def spread(count: int, middle: float, minute: int) -> list[int]:
    hist = [0] * BUCKETS
    for number in range(count):
        away = 1.15 * math.tan(2.2 * ((number + 0.5) / count - 0.5)) / 1.2
        hist[min(BUCKETS - 1, max(0, round(middle - 0.5 + away + 0.3 * math.sin(minute))))] += 1
    return hist


def objectives(minute: int, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    failed = sum(one["failed"] for one in rows)
    hist = [sum(one["hist"][bucket] for one in rows if one["route"].startswith("api/")) for bucket in range(BUCKETS)]
    valid = sum(sum(one["hist"]) for one in rows) + failed

    def counted(sli: str, good: int, all: int, hist: list[int] | None = None) -> dict[str, Any]:
        own = {"tenant": None, "sli": sli, "age": 60 * minute, "synthetic": 0, "sum_ms": 0.0}
        return {**own, "good": good, "valid": all, "hist": hist}

    # Before the bad deploy of this hour, the budget was used up slowly.
    few = failed if minute < 60 else int(minute % 480 == 0)
    return [
        counted("availability", valid - few, valid),
        counted("error_rate", valid - few, valid),
        counted("api_latency_p95", sum(hist[:7]), sum(hist), hist),
        counted("api_latency_p99", sum(hist[:9]), sum(hist), hist),
        counted("page_load", 9, 10),
        counted("sync_lag", 200, 200),
    ]


def error(kind: str, message: str, route: str, count: int) -> dict[str, Any]:
    own = {
        "fingerprint": kind,
        "type": kind,
        "message": message,
        "traceback": TRACEBACK,
        "route": route,
        "count": count,
    }
    return {**own, "service": "tika-web", "version": "0.1.0", "request_id": "9b2c8f20a1b34c7e", "age": 95.0}


def mark() -> None:
    now = datetime.now(UTC)
    with tenant_context(OPERATORS_ID):
        for kind, name, detail, ago in (
            ("deploy", "0.0.9 17cc00f3d8", "Search inside words", timedelta(days=12)),
            ("deploy", "0.1.0 90aa17e2c0", "Boards live for everybody", timedelta(days=4, hours=3)),
            ("deploy", "0.1.0 3b1f09cd21", "Take a ticket's neighbours in one look", timedelta(minutes=37)),
            ("flag", "neighbours-in-one-look", "off for everybody", timedelta(minutes=25)),
        ):
            marks.record(kind, name, detail=detail, at=now - ago)
        for days in range(23, 0, -1):
            size, digest = 321 + days % 3, hashlib.sha256(str(days).encode()).hexdigest()
            outcome = "It was not taken: the answer is 503." if days == 6 else "taken"
            detail = f"{size} bytes, sha256 {digest}, {outcome}"
            marks.record("other", "telemetry", detail=detail, at=now - timedelta(days=days, minutes=7))
        releases.note("0.2.0", of="2026-11-20", listed=now - timedelta(days=2))
