"""A migration's file: where each operation stands, and where each line of its SQL."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db.migrations import Migration, RunSQL
from django.db.migrations.operations.base import Operation


@dataclass(frozen=True)
class Place:
    path: Path
    line: int
    # Whether `line` is where the SQL begins, so that its third line is two below.
    counts: bool = False

    def at(self, offset: int) -> "Place":
        return Place(self.path, self.line + offset) if self.counts else self


class Source:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.nodes = list(operation_nodes(self.tree))

    def place_of(self, migration: Migration, operation: Operation) -> Place:
        node = self.node_of(migration, operation)
        line = node.lineno if node else 1
        if isinstance(operation, RunSQL) and isinstance(operation.sql, str):
            return self._file_of(operation.sql) or self._text_of(node, operation.sql) or Place(self.path, line)
        return Place(self.path, line)

    def node_of(self, migration: Migration, operation: Operation) -> ast.expr | None:
        number = next((n for n, one in enumerate(migration.operations) if one is operation), -1)
        return self.nodes[number] if len(self.nodes) == len(migration.operations) and number >= 0 else None

    def _file_of(self, text: str) -> Place | None:
        for file in sorted((self.path.parent / "sql").glob("*.sql")):
            if file.read_text(encoding="utf-8") == text:
                return Place(file, 1, counts=True)
        return None

    def _text_of(self, node: ast.expr | None, text: str) -> Place | None:
        for part in ast.walk(node) if node else ():
            if isinstance(part, ast.Constant) and part.value == text:
                return Place(self.path, part.lineno, counts=True)
        return None


def operation_nodes(tree: ast.Module) -> Iterator[ast.expr]:
    """The elements of `operations = [...]`; nothing where it is put together some other way."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.List):
            names = {target.id for target in node.targets if isinstance(target, ast.Name)}
            if "operations" in names:
                yield from node.value.elts
