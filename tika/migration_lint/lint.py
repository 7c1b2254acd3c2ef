"""Looks at migrations as they would meet people at work and the release before."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db.migrations import Migration, SeparateDatabaseAndState
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from tenancy.backfill import Backfill
from tenancy.management.commands.migrate import GLOBAL_PREFIXES, GLOBAL_TABLES, READ_ONLY_PREFIXES
from tika.migration_lint import rules, schema, sqltext, squawk
from tika.migration_lint.collected import sql_of
from tika.migration_lint.finding import Finding
from tika.migration_lint.source import Place, Source


@dataclass(frozen=True)
class Candidate:
    """A migration, the models before it, and those of the release that runs while it does."""

    migration: Migration
    path: Path
    before: ProjectState
    previous: ProjectState
    # Made since the release before by raw SQL, which no model knows.
    raw_tables: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Part:
    """One operation of it; what stands inside SeparateDatabaseAndState counts alone."""

    operation: Operation
    before: ProjectState
    place: Place
    text: str
    read: sqltext.Text


class Lint:
    def __init__(self, root: Path, candidate: Candidate) -> None:
        self.root = root
        self.candidate = candidate
        self.migration = candidate.migration
        self.app = self.migration.app_label
        self.source = Source(candidate.path)
        self.known = rules.Known(schema.columns(candidate.previous))
        self.after = candidate.before.clone()
        self.parts = list(self._parts())
        self.raw_tables = candidate.raw_tables | {name for part in self.parts for name in part.read.made_tables()}

    def files(self) -> set[Path]:
        return {self.source.path, *(part.place.path for part in self.parts)}

    def findings(self) -> Iterator[Finding]:
        for part in self.parts:
            told = [*rules.of_sql(part.read, self.known, part.operation)]
            told += rules.of_operation(part.operation, self.app, part.before, self.known)
            for rule, reason, line in told:
                yield self._finding(part.place.at(line), rule, reason)
        yield from self._squawked()
        yield from self._unwalled()
        fills = any(isinstance(part.operation, Backfill) for part in self.parts)
        if fills and (len(self.parts) > 1 or self.migration.atomic):
            yield self._finding(self.parts[0].place, "mixed-backfill", "the rows stay locked until all of it is done")

    # --- the parts -------------------------------------------------------------------------------

    def _parts(self) -> Iterator[Part]:
        for operation in self.migration.operations:
            before = self.after.clone()
            operation.state_forwards(self.app, self.after)
            place = self.source.place_of(self.migration, operation)
            if isinstance(operation, SeparateDatabaseAndState):
                yield Part(operation, before, place, "", sqltext.read(""))
            for inner, early, late in steps(operation, self.app, before, self.after):
                text = sql_of(inner, self.app, early, late)
                yield Part(inner, early, place, text, sqltext.read(text))

    # --- the rules that look at all of it --------------------------------------------------------

    def _squawked(self) -> Iterator[Finding]:
        owners: list[tuple[Part, int]] = []
        for part in self.parts:
            owners += [(part, number) for number in range(part.text.count("\n") + 1)]
        sql = "\n".join(part.text for part in self.parts)
        fresh = (set(schema.managed(self.candidate.before)) - set(self.known.columns)) | self.candidate.raw_tables
        for warned in squawk.warnings(sql, new_tables=fresh, in_transaction=bool(self.migration.atomic)):
            part, line = owners[warned.line]
            if not rules.is_harmless(warned.rule, part.operation, self.app, part.before, self.candidate.previous):
                yield self._finding(part.place.at(line), warned.rule, warned.reason, warned.advice)

    def _unwalled(self) -> Iterator[Finding]:
        there = schema.managed(self.candidate.before)
        models = {table: model for table, model in schema.managed(self.after).items() if table not in there}
        walled = {table for table, model in models.items() if schema.has_wall(model)}
        walled |= {table for part in self.parts for table in part.read.walled()}
        put_up_again = {table for part in self.parts for table in part.read.put_up()}
        for part in self.parts:
            for step in part.read.steps():
                if step.kind == "wall" and step.table not in put_up_again:
                    yield self._finding(part.place.at(step.line), "no-wall", f"the wall of {step.table} is taken down")
            for table, line in part.read.made_tables().items():
                if table not in walled and not is_global(table):
                    place = part.place.at(line)
                    yield self._finding(place, "no-wall", f"{table} has no wall, and GLOBAL_TABLES does not name it")

    def _finding(self, place: Place, rule: str, reason: str, advice: str = "") -> Finding:
        return Finding(str(place.path.relative_to(self.root)), place.line, rule, reason, advice)


def is_global(table: str) -> bool:
    return table in GLOBAL_TABLES or table.startswith(GLOBAL_PREFIXES + READ_ONLY_PREFIXES)


def steps(
    operation: Operation, app: str, before: ProjectState, after: ProjectState
) -> Iterator[tuple[Operation, ProjectState, ProjectState]]:
    if not isinstance(operation, SeparateDatabaseAndState):
        yield operation, before, after
        return
    for inner in operation.database_operations:
        late = before.clone()
        inner.state_forwards(app, late)
        yield from steps(inner, app, before, late)
        before = late


def lint(root: Path, candidates: Sequence[Candidate]) -> tuple[list[Finding], set[Path]]:
    """What was found, allowed or not, and the files that were looked at."""
    findings: list[Finding] = []
    files: set[Path] = set()
    for candidate in candidates:
        one = Lint(root, candidate)
        findings += one.findings()
        files |= one.files()
    return findings, files


def raw_tables(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(name for text in texts for name in sqltext.read(text).made_tables())
