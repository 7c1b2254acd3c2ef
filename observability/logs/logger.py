"""`structlog.get_logger(name)`: six methods, straight to the line, without the detour over logging's records."""

import logging
import re
from typing import Any

import structlog

from observability.logs.levels import LEVELS, name_of
from observability.logs.lines import Output, compose, rendered, write


class Logger(structlog.BoundLoggerBase):
    """`log.info("import.done", tickets=3)`; a positional argument after the event fills its `%s`."""

    _logger: Output

    def fatal(self, event: str, *args: Any, **fields: Any) -> None:
        self._say("fatal", event, args, fields)

    def error(self, event: str, *args: Any, **fields: Any) -> None:
        self._say("error", event, args, fields)

    def exception(self, event: str, *args: Any, **fields: Any) -> None:
        self._say("error", event, args, {"exc_info": True, **fields})

    def warning(self, event: str, *args: Any, **fields: Any) -> None:
        self._say("warn", event, args, fields)

    def info(self, event: str, *args: Any, **fields: Any) -> None:
        self._say("info", event, args, fields)

    def debug(self, event: str, *args: Any, **fields: Any) -> None:
        self._say("debug", event, args, fields)

    def trace(self, event: str, *args: Any, **fields: Any) -> None:
        self._say("trace", event, args, fields)

    critical, warn = fatal, warning

    def log(self, number: int, event: str, *args: Any, **fields: Any) -> None:
        self._say(name_of(number), event, args, fields)

    def is_on(self, level: str) -> bool:
        return self._logger.stdlib.isEnabledFor(LEVELS[level])

    def _say(self, level: str, event: str, args: tuple[Any, ...], fields: dict[str, Any]) -> None:
        if self._logger.stdlib.isEnabledFor(LEVELS[level]):
            # structlog's chain of processors takes as long as the line itself; whom it is about, `context.about` says.
            said = event % args if args else event
            write(rendered(compose(level, self._logger.name, said, {**self._context, **fields})))


def configure_structlog() -> None:
    structlog.configure(
        processors=[],
        logger_factory=Output,
        wrapper_class=Logger,
        cache_logger_on_first_use=True,
    )


class Handler(logging.Handler):
    """Lines of others, which come as logging's records."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            fields = {"exc_info": record.exc_info} if record.exc_info else {}
            write(rendered(compose(name_of(record.levelno), record.name, told(record), fields)))
        except Exception:  # noqa: BLE001 - as logging has it: a line that cannot be written stops nobody
            self.handleError(record)


# What follows in these is a path, a request line or an address as anybody sent it; the route stands in its own key.
HEADS = {
    "django.request": re.compile(r"[^:]+(?=: )"),
    "gunicorn.error": re.compile(r"Error handling request|Invalid request"),
}


def told(record: logging.LogRecord) -> str:
    message = record.getMessage()
    head = HEADS[record.name].match(message) if record.name in HEADS else None
    return head[0] if head else message
