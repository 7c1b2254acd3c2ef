"""The guide's six levels (section 2.1), and levels of single loggers that are changed for a while."""

import logging
import time
from collections.abc import Iterable

TRACE = 5
LEVELS = {
    "fatal": logging.CRITICAL,
    "error": logging.ERROR,
    "warn": logging.WARNING,
    "info": logging.INFO,
    "debug": logging.DEBUG,
    "trace": TRACE,
}
NAMES = {number: name for name, number in LEVELS.items()}
OTHER_WORDS = {"critical": "fatal", "warning": "warn"}
# Logger -> the level that was its own, and when it comes back (time.monotonic).
changed: dict[str, tuple[int, float]] = {}


def number_of(text: str) -> int:
    """Raises ValueError that names the six."""
    name = text.strip().lower()
    name = OTHER_WORDS.get(name, name)
    if name not in LEVELS:
        raise ValueError(f"{text!r} is no log level; it must be {', '.join(LEVELS)}")
    return LEVELS[name]


def name_of(number: int) -> str:
    return NAMES.get(number) or next((name for name, least in LEVELS.items() if least <= number), "trace")


def gunicorn_level(text: str) -> str:
    """In gunicorn's own words. Raises ValueError."""
    name = name_of(number_of(text))
    return {"fatal": "critical", "warn": "warning", "trace": "debug"}.get(name, name)


def follow(wanted: Iterable[tuple[str, str, float]]) -> None:
    """(logger, level, seconds left) of each that differs now; what is not named comes back to its own level."""
    named = set()
    for logger, level, seconds in wanted:
        named.add(logger)
        change(logger, LEVELS[level], until=time.monotonic() + seconds)
    for logger in set(changed) - named:
        come_back(logger)


def change(name: str, level: int, *, until: float) -> None:
    logger = logging.getLogger(name)
    own = changed[name][0] if name in changed else logger.level
    changed[name] = own, until
    if logger.level != level:
        logger.setLevel(level)


def come_back(name: str) -> None:
    own, _ = changed.pop(name)
    logging.getLogger(name).setLevel(own)


def expire() -> None:
    """By this process's own clock, so that a database that is gone prolongs nothing."""
    for name in [name for name, (_, until) in changed.items() if until <= time.monotonic()]:
        come_back(name)
