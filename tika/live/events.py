"""Server-sent events as bytes (WHATWG HTML, 9.2)."""

from typing import Literal

import orjson

Gone = Literal["access", "board"]
# A browser that lost its connection comes back after this; `OPENING` is the first thing on a stream.
OPENING = b"retry: 2000\n\n"
PING = b": ping\n\n"


def changes(version: int, data: bytes) -> bytes:
    return b"id: %d\n" % version + event("changes", data)


def presence(people: list[tuple[object, int, str]]) -> bytes:
    shown = [{"id": str(member_id), "number": number, "name": name} for member_id, number, name in people]
    return event("presence", orjson.dumps({"people": shown}))


def gone(reason: Gone) -> bytes:
    return event("gone", orjson.dumps({"reason": reason}))


def event(name: str, data: bytes) -> bytes:
    # A line break in JSON is only ever between its parts.
    return b"event: %s\ndata: %s\n\n" % (name.encode(), data.replace(b"\n", b" "))
