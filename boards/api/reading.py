"""Answers to readers of a board: conditional, compressed, and kept while the version stays."""

import threading
import uuid
from collections import OrderedDict
from typing import Any

import deflate
from django.db import connection
from django.http import HttpResponse
from django.utils.translation import gettext as _

from boards.api.answers import is_known
from boards.queries.changes import changes
from boards.queries.snapshot import snapshot
from boards.queries.visible import VISIBLE, reader_of
from tenancy.errors import Invalid, NotFound
from tenancy.identity import Member

VERSION_SQL = f"SELECT b.version FROM boards_board b WHERE b.tenant_id = %(tenant)s AND b.id = %(id)s AND {VISIBLE}"  # noqa: S608
# Per process; a board of 1,000 tickets takes about 200 kB with its compressed twin.
KEPT_BYTES = 64 * 1024 * 1024
# By libdeflate, which at this level takes a third of the time zlib takes for the same size.
GZIP_LEVEL = 1
LARGEST_VERSION = 2**63 - 1


class SnapshotCache:
    """The latest snapshots, by (tenant, board): whoever may see a board sees the same of it, so version is all that
    can make one stale. The key holds the tenant: nothing is ever found across the wall."""

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self.used = 0
        self.lock = threading.Lock()
        self.kept: OrderedDict[tuple[uuid.UUID, uuid.UUID], tuple[int, bytes, bytes]] = OrderedDict()

    def get(self, key: tuple[uuid.UUID, uuid.UUID], version: int) -> tuple[bytes, bytes] | None:
        with self.lock:
            found = self.kept.get(key)
            if found is None or found[0] != version:
                return None
            self.kept.move_to_end(key)
            return found[1], found[2]

    def put(self, key: tuple[uuid.UUID, uuid.UUID], version: int, raw: bytes, packed: bytes) -> None:
        with self.lock:
            old = self.kept.pop(key, None)
            self.used += len(raw) + len(packed) - (len(old[1]) + len(old[2]) if old else 0)
            self.kept[key] = (version, raw, packed)
            while self.used > self.most_bytes:
                _key, (_version, raw, packed) = self.kept.popitem(last=False)
                self.used -= len(raw) + len(packed)


cache = SnapshotCache(KEPT_BYTES)


def visible_version(board_id: uuid.UUID, *, by: Member) -> int:
    """The board's version. Raises NotFound where there is none or the person may not see it."""
    with connection.cursor() as cursor:
        cursor.execute(VERSION_SQL, {**reader_of(by), "id": board_id})
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    return int(row[0])


def etag_of(version: int) -> str:
    return f'"{version}"'


def snapshot_response(request: Any, board_id: uuid.UUID) -> HttpResponse:
    version = visible_version(board_id, by=request.member)
    if is_known(request, etag_of(version)):
        return finished(HttpResponse(status=304), version)
    key = (request.member.tenant_id, board_id)
    kept = cache.get(key, version)
    if kept is None:
        # A change between the two statements only makes it newer: the version comes with the content.
        version, raw = snapshot(*key)
        kept = raw, gzipped(raw)
        cache.put(key, version, *kept)
    return finished(packed_for(request, *kept), version)


def packed_for(request: Any, raw: bytes, packed: bytes) -> HttpResponse:
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return HttpResponse(raw, content_type="application/json")
    response = HttpResponse(packed, content_type="application/json")
    response["Content-Encoding"] = "gzip"
    return response


def gzipped(body: bytes) -> bytes:
    return bytes(deflate.gzip_compress(body, GZIP_LEVEL))


def finished(response: HttpResponse, version: int) -> HttpResponse:
    response["ETag"] = etag_of(version)
    response["Cache-Control"] = "private, no-cache"
    response["Vary"] = "Cookie, Authorization, Accept-Encoding"
    return response


def changes_response(request: Any, board_id: uuid.UUID, since: int) -> HttpResponse:
    if not 0 <= since <= LARGEST_VERSION:
        raise Invalid.field("since", _("Give the version of an answer before."))
    visible_version(board_id, by=request.member)
    version, body = changes(request.member.tenant_id, board_id, since)
    response = packed_for(request, body, gzipped(body)) if len(body) > 1400 else HttpResponse(body)
    response["Content-Type"] = "application/json"
    return finished(response, version)
