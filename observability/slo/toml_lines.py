"""TOML tables with the line each key stands on, so that a refusal can point at it."""

import re
import tomllib
from dataclasses import dataclass
from typing import Any, NoReturn

HEADER = re.compile(r"\s*\[\[?\s*([\w.-]+)\s*\]\]?\s*(#.*)?")
KEY = re.compile(r"\s*([\w-]+)\s*=")


class Refused(ValueError):
    """`file:line: reason`."""


@dataclass(frozen=True)
class Place:
    """One table: its values, and where they stand; `lines[""]` is its header's."""

    file: str
    table: str
    values: dict[str, Any]
    lines: dict[str, int]

    def refuse(self, key: str, reason: str) -> NoReturn:
        line = self.lines.get(key, self.lines[""])
        raise Refused(f"{self.file}:{line}: {f'{key}: ' if key else ''}{reason}")


def places_of(text: str, file: str) -> list[Place]:
    """The tables of the first level in the order of the text. Raises Refused where it is no TOML."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"at line (\d+)", str(error))
        last = text.count("\n") + 1
        raise Refused(f"{file}:{line[1] if line else last}: {error}") from error
    headers = tables_in(text)
    taken: dict[str, int] = {}
    places: list[Place] = []
    for table, lines in headers:
        if not table:
            if len(lines) > 1:
                key = next(key for key in lines if key)
                raise Refused(f"{file}:{lines[key]}: {key}: stands in no table")
            continue
        number = taken[table] = taken.get(table, -1) + 1
        value = content.get(table)
        values = value[number] if isinstance(value, list) else value
        places.append(Place(file, table, values if isinstance(values, dict) else {}, lines))
    return places


def tables_in(text: str) -> list[tuple[str, dict[str, int]]]:
    """[(table, {key: line})]; the first is what stands before any table."""
    tables: list[tuple[str, dict[str, int]]] = [("", {"": 1})]
    for number, line in enumerate(text.splitlines(), start=1):
        if header := HEADER.fullmatch(line):
            tables.append((header[1], {"": number}))
        elif key := KEY.match(line):
            tables[-1][1].setdefault(key[1], number)
    return tables
