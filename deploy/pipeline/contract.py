#!/usr/bin/env python3
"""Says which migrations between two commits take something away that older code needs: contract.py BEFORE AFTER

Leaves with 0 (none: the older code works on the newer tables), 20 (some: going back would break it), or 2 (cannot say).
"""

import argparse
import re
import subprocess
import sys

TAKES_AWAY = re.compile(
    r"\b(RemoveField|DeleteModel|RenameField|RenameModel|AlterModelTable|RemoveConstraintAndColumn)\b"
    r"|\b(?i:DROP\s+(?:TABLE|COLUMN|FUNCTION|VIEW)|RENAME\s+(?:TO|COLUMN)|SET\s+NOT\s+NULL)\b"
)
FILES = re.compile(r"(^|/)migrations/\d{4}_\w+\.py$")


def git(*arguments: str) -> str:
    return subprocess.run(["git", *arguments], check=True, capture_output=True, text=True).stdout


def contracts(before: str, after: str) -> list[str]:
    """`path: what` for each migration that only `after` has and that takes something away."""
    added = git("diff", "--name-only", "--diff-filter=AM", f"{before}..{after}", "--").splitlines()
    found = []
    for path in filter(FILES.search, added):
        taken = sorted({match[0].upper() for match in TAKES_AWAY.finditer(git("show", f"{after}:{path}"))})
        found += [f"{path}: {', '.join(taken)}"] if taken else []
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("before")
    parser.add_argument("after")
    given = parser.parse_args()
    try:
        for commit in (given.before, given.after):
            git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}^{{commit}}")
        found = contracts(given.before, given.after)
    except subprocess.CalledProcessError:
        print(f"{given.before} or {given.after} is no commit here: fetch the history first.", file=sys.stderr)
        return 2
    for line in found:
        print(line)
    return 20 if found else 0


if __name__ == "__main__":
    sys.exit(main())
