"""What is due, from what has been done: a pure function of rows, so that no clock of a process has to be right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

KINDS = ("base", "logical", "files")
# So that somebody who only looks at Tika for a moment is not kept waiting by a backup.
FIRST_AFTER = timedelta(minutes=10)
AGAIN_AFTER = timedelta(hours=1)
DRILL_EVERY = timedelta(days=7)


@dataclass(frozen=True)
class Facts:
    """`done` and `tried` are the newest start by kind, of what went well and of what did not."""

    now: datetime
    started: datetime  # of the process that asks
    done: Mapping[str, datetime] = field(default_factory=dict)
    tried: Mapping[str, datetime] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    gap: datetime | None = None
    drilled: datetime | None = None
    drill_asked: bool = False
    replication: bool = True


def due(facts: Facts, at: time) -> list[str]:
    """Kinds of backups, in their order, and "drill"."""
    kinds = [kind for kind in KINDS if kind in facts.asked or is_due(kind, facts, at)]
    return kinds or (["drill"] if drill_is_due(facts) else [])


def is_due(kind: str, facts: Facts, at: time) -> bool:
    if kind == "base" and not facts.replication:
        return False
    if (tried := facts.tried.get(kind)) and facts.now - tried < AGAIN_AFTER:
        return False
    done = facts.done.get(kind)
    if done is None:
        return facts.now - facts.started >= FIRST_AFTER
    if kind == "base" and facts.gap and done < facts.gap:
        return True
    return done < last_time(facts.now, at)


def last_time(now: datetime, at: time) -> datetime:
    """The newest moment of this time of day."""
    today = datetime.combine(now.date(), at, tzinfo=now.tzinfo)
    return today if today <= now else today - timedelta(days=1)


def drill_is_due(facts: Facts) -> bool:
    """Once a week, and soon after the first backup: one that was never restored proves nothing."""
    if facts.drill_asked:
        return True
    if not facts.done:
        return False
    return facts.drilled is None or facts.now - facts.drilled >= DRILL_EVERY
