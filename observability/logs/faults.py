"""How an exception is told: a traceback whose messages are redacted, and who else hears of it."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from traceback import TracebackException
from types import TracebackType
from typing import Any

from observability.logs.redaction import redact

CAUSE = "\nThe above exception was the direct cause of the following exception:\n\n"
DURING = "\nDuring handling of the above exception, another exception occurred:\n\n"
ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


@dataclass(frozen=True)
class Fault:
    """An exception that a line of level error or fatal tells of; `fields` are the line's."""

    exc_info: ExcInfo
    traceback: str
    fields: dict[str, Any] = field(default_factory=dict)


listeners: list[Callable[[Fault], None]] = []


def exc_info_of(given: Any) -> ExcInfo | None:
    """Of True, an exception, or what sys.exc_info() answers."""
    if isinstance(given, BaseException):
        return type(given), given, given.__traceback__
    if isinstance(given, tuple):
        return given if given[0] is not None else None
    found = sys.exc_info() if given else (None, None, None)
    return found if found[0] is not None else None


def traceback_of(exc_info: ExcInfo) -> str:
    """Lines of code are ours and stay; what an exception says may quote anybody."""
    told = TracebackException(*exc_info, compact=True)
    if told.exceptions is not None:
        return redact("".join(told.format()))
    return "".join(parts_of(told)).rstrip()


def parts_of(told: TracebackException) -> Iterator[str]:
    if told.__cause__ is not None:
        yield from parts_of(told.__cause__)
        yield CAUSE
    elif told.__context__ is not None and not told.__suppress_context__:
        yield from parts_of(told.__context__)
        yield DURING
    yield "Traceback (most recent call last):\n"
    yield from told.stack.format()
    yield redact("".join(told.format_exception_only()))


def report(fault: Fault) -> None:
    """Who listens and fails must not take the line with it, nor the request."""
    for listener in listeners:
        try:
            listener(fault)
        except Exception as error:  # noqa: BLE001
            fault.fields["untold"] = type(error).__name__
