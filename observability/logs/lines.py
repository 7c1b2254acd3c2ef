"""One line: its keys in their order, redacted, as JSON or for a terminal, written in one piece."""

import json
import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog

from observability.logs.context import about
from observability.logs.faults import Fault, exc_info_of, report, traceback_of
from observability.logs.levels import LEVELS
from observability.logs.redaction import HIDDEN, is_secret, redact, redact_known, scrub

# PIPE_BUF: several processes share one pipe, and only up to here their lines never mix.
LONGEST_LINE = 4096
# In a terminal: the same in each line, or for machines to follow; the request's name is enough.
UNSEEN = {"ts", "service", "env", "version", "trace_id", "span_id", "tenant_id", "user_id"}
# Made by ourselves, or well formed by the time they get here.
SAFE = {"request_id", "trace_id", "span_id", "tenant_id", "user_id", "route", "method", "status", "duration_ms"}
ERROR = LEVELS["error"]
OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_APPEND_NEWLINE


class Shape:
    """How this process writes: set by `observability.logs.configure`."""

    as_json = True
    descriptor = 1
    base: Mapping[str, Any] = {"service": "tika", "env": "production", "version": ""}
    for_terminal = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0)


shape = Shape()


def compose(level: str, logger: str, event: Any, fields: dict[str, Any]) -> dict[str, Any]:
    """The line as a mapping. An exception in an error's line is told to who listens for faults."""
    now = datetime.now(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"
    line = {"ts": now, "level": level, "logger": logger, "event": redact_known(str(event)), **shape.base}
    current = about.get()
    if current is not None:
        line.update(current.fields())
    exc_info = exc_info_of(fields.pop("exc_info", None))
    for name, value in fields.items():
        if name in SAFE:
            line[name] = value
        else:
            line[redact(name)] = HIDDEN if is_secret(name) else scrub(value)
    if exc_info:
        line["exception"] = traceback_of(exc_info)
        if LEVELS[level] >= ERROR:
            report(Fault(exc_info, line["exception"], line))
    return line


def rendered(line: dict[str, Any]) -> bytes:
    if not shape.as_json:
        shown = {name: value for name, value in line.items() if name not in UNSEEN and value is not None}
        shown["timestamp"] = line["ts"][11:19]
        return (str(shape.for_terminal(None, "", shown)) + "\n").encode(errors="replace")
    data = as_json(line)
    return data if len(data) <= LONGEST_LINE else as_json(shortened(line))


def as_json(line: dict[str, Any]) -> bytes:
    try:
        return orjson.dumps(line, default=str, option=OPTIONS)
    except TypeError:
        # Halves of characters, numbers past 64 bits.
        return json.dumps(line, default=str).encode() + b"\n"


def shortened(line: dict[str, Any]) -> dict[str, Any]:
    """Of a traceback the two ends are kept, of other texts the beginning."""
    kept: dict[str, Any] = {}
    for name, value in line.items():
        if name != "exception" and not isinstance(value, (int, float, type(None))):
            kept[name] = fitting(str(value), 200 if len(kept) < 20 else 0)
        elif name != "exception":
            kept[name] = value
    kept["cut"] = True
    if "exception" in line:
        room = LONGEST_LINE - len(as_json(kept)) - 40
        kept["exception"] = fitting(line["exception"], room)
    while len(as_json(kept)) > LONGEST_LINE:
        longest = max(kept, key=lambda name: len(str(kept[name])))
        kept[longest] = fitting(str(kept[longest]), len(str(kept[longest])) // 2)
    return kept


def fitting(text: str, room: int) -> str:
    """As long as its JSON takes at most `room` bytes."""
    size = len(as_json({"": text})) - 7
    if size <= room:
        return text
    keep = int(len(text) * room / size * 0.95)
    return f"{text[: keep // 3]} ... {text[len(text) - keep * 2 // 3 + 5 :]}" if keep > 20 else ""


def write(data: bytes) -> None:
    """Where nobody reads any more, nobody is served worse."""
    with suppress(OSError):
        os.write(shape.descriptor, data)


class Output:
    """What structlog's loggers write to; `stdlib` is asked for the level, so that one tree of levels serves all."""

    __slots__ = ("name", "stdlib")

    def __init__(self, name: str = "tika") -> None:
        self.name = name
        self.stdlib = logging.getLogger(name)
