"""Structured logs: one JSON object a line, keys and levels as the guide's section 2.1 names them.

`structlog.get_logger("tika.something")` writes by the short road (`logger.py`); what others say through `logging`,
gunicorn and the warnings included, takes the same form (`Handler`).
"""

import logging
import sys
import threading
from types import TracebackType
from typing import Any

from observability.logs.levels import TRACE, number_of
from observability.logs.lines import compose, rendered, shape, write
from observability.logs.logger import Handler, configure_structlog
from observability.logs.redaction import learn_secrets

# Say at each start, or of each refusal, what a line of ours says better.
QUIETER = {
    "procrastinate.blueprints": logging.WARNING,
    "django.request": logging.ERROR,
    "urllib3.connectionpool": logging.ERROR,
}


def configure(config: dict[str, Any]) -> None:
    """`config` is Django's LOGGING: {"level", "json": bool, "descriptor": 1 or 2, "service", "env", "version"}.

    Raises ValueError for a level that is none.
    """
    shape.as_json = config["json"]
    shape.descriptor = config["descriptor"]
    shape.base = {name: config[name] for name in ("service", "env", "version")}
    learn_secrets()
    logging.addLevelName(TRACE, "TRACE")
    root = logging.getLogger()
    root.handlers[:] = [Handler()]
    root.setLevel(number_of(config["level"]))
    logging.getLogger("django.server").propagate = True
    for name, level in QUIETER.items():
        logging.getLogger(name).setLevel(level)
    configure_structlog()
    if shape.as_json:
        logging.captureWarnings(True)
        sys.excepthook = last_words
        threading.excepthook = last_words_of_thread


def last_words(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    """Of a process that ends by an exception: a line like the others."""
    if issubclass(kind, KeyboardInterrupt):
        return
    write(rendered(compose("fatal", "tika.process", "ended by an exception", {"exc_info": (kind, error, traceback)})))


def last_words_of_thread(given: threading.ExceptHookArgs) -> None:
    if given.exc_value is not None and not issubclass(given.exc_type, SystemExit):
        exc_info = (given.exc_type, given.exc_value, given.exc_traceback)
        write(rendered(compose("error", "tika.process", "a thread ended by an exception", {"exc_info": exc_info})))
