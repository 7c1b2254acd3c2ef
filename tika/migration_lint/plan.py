"""Which migrations are looked at, and what was there before each."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from django.db.migrations import Migration, RunSQL
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from tika.migration_lint.finding import Finding
from tika.migration_lint.lint import Candidate, raw_tables
from tika.release import files_at, text_at

OURS = re.compile(r"(?:^|/)migrations/(?:sql/)?[^/]+\.(?:py|sql)$")
SHOWN = 10


class Plan:
    def __init__(self, root: Path, commit: str, *, everything: bool) -> None:
        self.root = root
        self.commit = commit
        self.everything = everything
        self.graph = MigrationLoader(None).graph
        self.released = {path for path in files_at(root, commit) if OURS.search(path)} if commit else set()

    @property
    def shown(self) -> str:
        return "the first" if self.everything else self.commit[:SHOWN]

    def candidates(self) -> list[Candidate]:
        """Ours, in the order in which they run. What was released already had no release before it that still runs."""
        previous = self.graph.make_state(self._nodes_released(), at_end=True) if self.released else ProjectState()
        state, found, fresh = ProjectState(), [], frozenset[str]()
        for migration in self._in_order():
            path = self._path(migration)
            is_new = path is not None and self._relative(path) not in self.released
            if path and (is_new or self.everything):
                standing = previous if is_new else ProjectState()
                found.append(Candidate(migration, path, state.clone(), standing, fresh))
            if is_new:
                fresh |= raw_tables(str(one.sql) for one in migration.operations if isinstance(one, RunSQL))
            state = migration.mutate_state(state, preserve=False)
        return found

    def changed(self) -> Iterator[Finding]:
        """A migration that was released is neither edited nor taken away."""
        for path in sorted(self.released):
            file = self.root / path
            if not file.exists():
                yield Finding(path, 1, "removed", "it was released")
            elif meaning(file.suffix, text_at(self.root, self.commit, path)) != meaning(file.suffix, file.read_text()):
                yield Finding(path, 1, "released", f"it is not what was released with {self.commit[:SHOWN]}")

    def _in_order(self) -> Iterator[Migration]:
        seen = set()
        for leaf in self.graph.leaf_nodes():
            for key in self.graph.forwards_plan(leaf):
                if key not in seen:
                    seen.add(key)
                    yield self.graph.nodes[key]

    def _nodes_released(self) -> list[tuple[str, str]]:
        """Those of libraries count as released: a new version of a library is looked at where it is taken in."""
        found = []
        for migration in self._in_order():
            path = self._path(migration)
            if path is None or self._relative(path) in self.released:
                found.append((migration.app_label, migration.name))
        return found

    def _path(self, migration: Migration) -> Path | None:
        """None for a library's."""
        path = Path(str(sys.modules[type(migration).__module__].__file__)).resolve()
        ours = path.is_relative_to(self.root) and "site-packages" not in path.parts
        return path if ours else None

    def _relative(self, path: Path) -> str:
        return str(path.relative_to(self.root))


def meaning(suffix: str, text: str) -> str:
    """Without comments and layout, which may be mended."""
    if suffix == ".py":
        return ast.dump(ast.parse(text))
    return " ".join(re.sub(r"--[^\n]*", "", text).split())
