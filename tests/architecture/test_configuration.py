"""docs/configuration.md lists every environment variable that the code reads, and no other."""

import re
from pathlib import Path

from tika.cli.environment import ROOT

OURS = ("tika", "tenancy", "audit", "boards", "observability", "backups")
NAMED = re.compile(
    r"[\"'](TIKA_[A-Z0-9_]+|DATABASE_URL(?:_[A-Z]+)?|EMAIL_URL|SENTRY_DSN|OTEL_[A-Z_]+|METRICS_(?:HOST|PORT)|HOST|PORT"
    r"|LIVE_(?:HOST|PORT)|REDIS_URL|AWS_REGION)[\"'](?!\s*:\s*\")"
)
# A prefix is no name; and what `migrate`'s SQL calls so is none of the environment's.
NO_NAMES = {"TIKA_"}
ROW = re.compile(r"^\| (`[A-Z].*?) \|", re.MULTILINE)


def read_by_code() -> set[str]:
    found: set[str] = set()
    for app in OURS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                found |= set(NAMED.findall(path.read_text(encoding="utf-8")))
    return found - NO_NAMES


def in_the_table() -> list[str]:
    text = Path(ROOT, "docs", "configuration.md").read_text(encoding="utf-8")
    return [name for row in ROW.findall(text) for name in re.findall(r"`([A-Z0-9_]+)`", row)]


def test_the_table_lists_what_the_code_reads_and_each_once() -> None:
    listed = in_the_table()
    assert len(listed) == len(set(listed))
    assert read_by_code() - set(listed) == set(), "not in docs/configuration.md"
    assert set(listed) - read_by_code() == set(), "in docs/configuration.md, and read by nobody"
