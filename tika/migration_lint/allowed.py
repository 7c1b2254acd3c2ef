"""What a migration may do all the same: `# allow(RULE) YYYY-MM-DD: REASON`, where it is done or right above."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from tika.migration_lint.finding import Finding

ANY = re.compile(r"(?:#|--)\s*allow\b")
WHOLE = re.compile(r"(?:#|--)\s*allow\(([\w-]+)\)\s+(\d{4}-\d\d-\d\d):\s+(\S.{9,})")


def without_allowed(root: Path, findings: Iterable[Finding], files: Iterable[Path]) -> Iterator[Finding]:
    """What is left; and each allowance that lacks its date or reason, or allows nothing."""
    lines = {str(file.relative_to(root)): file.read_text(encoding="utf-8").splitlines() for file in files}
    used: set[tuple[str, int]] = set()
    for finding in findings:
        place = allowance(lines.get(finding.path, []), finding)
        if place is None:
            yield finding
        else:
            used.add((finding.path, place))
    for path, text in lines.items():
        for number, line in enumerate(text, start=1):
            if ANY.search(line) and (path, number) not in used:
                found = Finding(path, number, "bad-allowance", "")
                yield replace(found, reason=what_is_wrong(line))


def allowance(lines: list[str], finding: Finding) -> int | None:
    """The line it stands on: the finding's own, or one of the comments right above."""
    number = finding.line
    while 0 < number <= len(lines):
        line = lines[number - 1]
        found = WHOLE.search(line)
        if found and found[1] == finding.rule and is_past(found[2]):
            return number
        if number != finding.line and not line.strip().startswith(("#", "--")):
            return None
        number -= 1
    return None


def is_past(text: str) -> bool:
    try:
        return date.fromisoformat(text) <= date.today()
    except ValueError:
        return False


def what_is_wrong(line: str) -> str:
    found = WHOLE.search(line)
    if found is None:
        return "an allowance needs a rule, a date and a reason of ten letters or more"
    return "this allows nothing that is found here" if is_past(found[2]) else f"{found[2]} is no day that has been"
