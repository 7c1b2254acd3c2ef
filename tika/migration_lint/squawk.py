"""squawk (https://squawkhq.com): PostgreSQL's locks, known by somebody who does nothing else."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

PATIENCE = 60
# What our own rules know better, because they know the release before; what the migrator's session sets anyway; what no
# older code notices; and matters of taste that Django decides.
LEFT_OUT = (
    "ban-drop-column",
    "ban-drop-constraint",
    "ban-drop-function",
    "ban-drop-table",
    "renaming-column",
    "renaming-table",
    "require-lock-timeout",
    "require-statement-timeout",
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
    "prefer-identity",
    "prefer-robust-stmts",
    "prefer-text-field",
    "prefer-timestamptz",
    "ban-char-field",
)


class NoSquawk(Exception):
    pass


@dataclass(frozen=True)
class Warned:
    line: int
    rule: str
    reason: str
    advice: str


def warnings(sql: str, *, new_tables: Iterable[str], in_transaction: bool) -> Iterator[Warned]:
    """Lines of `sql`, from 0. On `new_tables` nobody waits. Raises NoSquawk."""
    ahead = "".join(f'CREATE TABLE "{table}" ();' for table in sorted(new_tables)) + "\n"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "migration.sql"
        file.write_text(ahead + sql, encoding="utf-8")
        wrapped = "--assume-in-transaction" if in_transaction else "--no-assume-in-transaction"
        more = ["--reporter", "json", "--pg-version", "16.0", wrapped, f"--exclude={','.join(LEFT_OUT)}", str(file)]
        done = subprocess.run([program(), *more], capture_output=True, text=True, timeout=PATIENCE, check=False)
    try:
        found = json.loads(done.stdout)
    except ValueError as error:
        raise NoSquawk(f"squawk does not answer: {done.stderr.strip()}") from error
    for one in found:
        yield Warned(one["line"] - 1, one["rule_name"], one["message"], one.get("help") or "")


def program() -> str:
    beside = Path(sys.executable).with_name("squawk")
    if found := str(beside) if beside.exists() else shutil.which("squawk"):
        return found
    raise NoSquawk("squawk is not installed: pip install squawk-cli, or run bin/ci once, which brings it.")
