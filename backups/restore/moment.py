"""A moment as people write it."""

import re
from datetime import UTC, datetime, timedelta

from backups.sentences import Stopped

AGO = re.compile(r"(\d+)\s*(m|min|h|d)\s+ago")
UNITS = {"m": timedelta(minutes=1), "min": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def moment(text: str, now: datetime | None = None) -> datetime | None:
    """`2026-11-26 14:30` (UTC where no zone is said), `2026-11-26T14:30+09:00`, `20 min ago`; "" is None."""
    if not text:
        return None
    if found := AGO.fullmatch(text.strip()):
        return (now or datetime.now(UTC)) - int(found.group(1)) * UNITS[found.group(2)]
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Stopped(
            f"--at is {text!r}: it must be a time, for example 2026-11-26T14:30Z, 2026-11-26T23:30+09:00, '20 min ago'."
        ) from error
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if at > (now or datetime.now(UTC)):
        raise Stopped(f"--at is {text!r}, which lies ahead.")
    return at
