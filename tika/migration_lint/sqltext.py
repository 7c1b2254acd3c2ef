"""What a text of SQL does to which table, statement by statement; the inside of functions is not looked at."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

NAME = r'(?:"?public"?\.)?"?(\w+)"?'
COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.S)
BODY = re.compile(r"\bAS\s+(\$\w*\$).*?\1", re.S | re.I)
TABLE = re.compile(rf"\bALTER\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?{NAME}([^;]*)", re.I)
DROPPED = re.compile(
    rf"\bDROP\s+(?:COLUMN\s+)?(?:IF\s+EXISTS\s+)?(?!CONSTRAINT\b|DEFAULT\b|NOT\b|EXPRESSION\b|IDENTITY\b){NAME}", re.I
)
RENAMED_COLUMN = re.compile(rf"\bRENAME\s+(?:COLUMN\s+)?(?!TO\b|CONSTRAINT\b){NAME}\s+TO\b", re.I)
RENAMED_TABLE = re.compile(r"\bRENAME\s+TO\b", re.I)
NO_DEFAULT = re.compile(rf"\bALTER\s+(?:COLUMN\s+)?{NAME}\s+DROP\s+DEFAULT", re.I)
DROPPED_TABLE = re.compile(rf"\bDROP\s+TABLE\s+(?:IF\s+EXISTS\s+)?{NAME}", re.I)
DROPPED_FUNCTION = re.compile(rf"\bDROP\s+(?:FUNCTION|PROCEDURE|AGGREGATE)\s+(?:IF\s+EXISTS\s+)?{NAME}", re.I)
MADE_FUNCTION = re.compile(rf"\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:FUNCTION|PROCEDURE|AGGREGATE)\s+{NAME}", re.I)
MADE_TABLE = re.compile(
    rf"\bCREATE\s+(?:UNLOGGED\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?{NAME}(?!\w)(?!\s+PARTITION\s+OF)", re.I
)
CHANGED_ROWS = re.compile(rf"(?:^|;|\bTHEN|\bBEGIN)\s*(UPDATE|DELETE\s+FROM)\s+(?:ONLY\s+)?{NAME}", re.I)
LONG = re.compile(
    r"(?:^|;)\s*(VACUUM\s+FULL|CLUSTER\b|LOCK\s+TABLE|TRUNCATE|REINDEX\s+(?!.*CONCURRENTLY)\w+"
    r"|REFRESH\s+MATERIALIZED\s+VIEW\s+(?!CONCURRENTLY))",
    re.I,
)
TIMEOUT = re.compile(r"\b(?:RESET\s+lock_timeout|lock_timeout\s*(?:=|TO)\s*('[^']*'|\w+))", re.I)
WALL_GONE = re.compile(
    rf"\bALTER\s+TABLE\s+(?:ONLY\s+)?{NAME}\s+(?:DISABLE|NO\s+FORCE)\s+ROW|DROP\s+POLICY\s+(?:IF\s+EXISTS\s+)?tenant_wall\s+ON\s+{NAME}",
    re.I,
)
FORCED = re.compile(rf"\bALTER\s+TABLE\s+(?:ONLY\s+)?{NAME}\s+FORCE\s+ROW", re.I)
WALLED = re.compile(rf"\bCREATE\s+POLICY\s+tenant_wall\s+ON\s+{NAME}", re.I)


@dataclass(frozen=True)
class Step:
    """`kind` is the name of what is done; `line` counts from 0."""

    kind: str
    table: str
    name: str
    line: int


def read(text: str) -> "Text":
    return Text(BODY.sub(blank, COMMENT.sub(blank, text)))


def blank(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


class Text:
    def __init__(self, bare: str) -> None:
        self.bare = bare

    def steps(self) -> Iterator[Step]:
        for found in TABLE.finditer(self.bare):
            for kind, pattern in (("drop", DROPPED), ("rename", RENAMED_COLUMN), ("default", NO_DEFAULT)):
                for part in pattern.finditer(found[2]):
                    yield Step(kind, found[1], part[1], self.line(found.start(2) + part.start()))
            if RENAMED_TABLE.search(found[2]):
                yield Step("rename", found[1], "", self.line(found.start()))
        for found in DROPPED_TABLE.finditer(self.bare):
            yield Step("drop", found[1], "", self.line(found.start()))
        for kind, pattern in (("function", DROPPED_FUNCTION), ("timeout", TIMEOUT), ("long", LONG)):
            for found in pattern.finditer(self.bare):
                yield Step(kind, "", found[1] or "reset", self.line(found.start()))
        for found in CHANGED_ROWS.finditer(self.bare):
            yield Step("rows", found[2], found[1].upper(), self.line(found.start(1)))
        for found in WALL_GONE.finditer(self.bare):
            yield Step("wall", found[1] or found[2], "", self.line(found.start()))

    def made_tables(self) -> dict[str, int]:
        return {found[1]: self.line(found.start()) for found in MADE_TABLE.finditer(self.bare)}

    def made_functions(self) -> set[str]:
        return set(MADE_FUNCTION.findall(self.bare))

    def walled(self) -> set[str]:
        return set(FORCED.findall(self.bare)) & self.put_up()

    def put_up(self) -> set[str]:
        return set(WALLED.findall(self.bare))

    def line(self, position: int) -> int:
        return self.bare.count("\n", 0, position)
