"""Reading a file into a report, and writing it: the same for the page, the worker and the command."""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import F, Func, Value
from django.utils import timezone, translation

from boards.importers import READERS, draft
from boards.importers.beat import Beat
from boards.importers.files import sweep
from boards.importers.job import Job
from boards.importers.people import write_people
from boards.importers.plan import Plan
from boards.importers.reconcile import held, noted, request_id
from boards.importers.report import reconciled
from boards.importers.source import Source, opened
from boards.importers.tally import Refused, Tally
from boards.importers.target import Run
from boards.importers.trello.scratch import scratch_in
from boards.importers.writer import lock_imports, write_board
from boards.models.importing import Import, State
from tenancy.context import tenant_context

# Of a run's way, how much is reading the file; the rest is writing rows.
READING_SHARE = 0.1


class Taken(Exception):
    """Another worker goes on with this import; what this one was about to write is taken back."""


@contextmanager
def reading(job: Job, beat: Beat | None) -> Iterator[tuple[Source, draft.Draft, Tally]]:
    """The file as a draft, in the person's language. Raises Refused."""
    tally = Tally()
    with ExitStack() as stack:
        stack.enter_context(translation.override(job.language))
        source = stack.enter_context(opened(job.path, name=job.name, limit=settings.IMPORT_MAX_BYTES, files=job.files))
        scratch = stack.enter_context(scratch_in(scratch_folder()))
        if beat:
            beat.total = source.size
        yield source, READERS[job.source](source.documents, scratch, tally, progress=beat.step if beat else None), tally


def scratch_folder() -> Path:
    """On the disk of the data, which is known to be large enough; a system's /tmp may be memory."""
    folder = Path(settings.IMPORTS_DIR)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def analyse(job: Job, beat: Beat | None = None) -> dict[str, Any]:
    """The report of what would come; writes nothing. Raises Refused."""
    with reading(job, beat) as (source, the_draft, tally):
        plan = Plan(job.tenant_id, the_draft.source, tally, file=job.name)
        with tenant_context(job.tenant_id, actor=job.actor):
            for board in the_draft.boards:
                plan.people(board)
                plan.board(board, source.shelf, settings.FILE_MAX_BYTES)
        return plan.report.stored(tally)


def run(job: Job, beat: Beat, *, begin: Callable[[], None] | None = None) -> dict[str, Any]:
    """Writes the file's boards, each in one transaction, and finishes the `Import` row in the last one.

    May be called again after it was killed: boards that are there already are passed over. `begin` is called when the
    file has turned out to be readable, before anything is written. Raises Refused, Taken.
    """
    with reading(job, beat) as (source, the_draft, tally):
        if begin:
            begin()
        return _Writing(job, beat, source, the_draft, tally).all()


class _Writing:
    def __init__(self, job: Job, beat: Beat, source: Source, the_draft: draft.Draft, tally: Tally) -> None:
        assert job.import_id is not None
        self.job = job
        self.import_id: uuid.UUID = job.import_id
        self.beat = beat
        self.draft = the_draft
        self.tally = tally
        self.plan = Plan(job.tenant_id, the_draft.source, tally, file=job.name)
        self.came: Counter[str] = Counter()
        self.former = {person.source_id for board in the_draft.boards for person in board.people if person.is_former}
        self.run = Run(
            tenant_id=job.tenant_id,
            import_id=self.import_id,
            source=the_draft.source,
            by_id=job.by_id,
            zone=ZoneInfo(job.timezone),
            shelf=source.shelf,
            largest_file=settings.FILE_MAX_BYTES,
            step=beat.step,
        )

    def all(self) -> dict[str, Any]:
        with self.context():
            sweep(self.job.tenant_id, self.import_id)
            earlier = noted(self.job.tenant_id, self.import_id, self.former)
        self._expect_rows()
        for board in self.draft.boards[:-1]:
            self._people(board)
            with self.context():
                self._board(board)
        last = self.draft.boards[-1]
        self._people(last)
        with self.context():
            self._board(last)
            return self._finish(earlier)

    def context(self) -> Any:
        reason = f"{self.draft.source}: {self.job.name}"
        told: dict[str, Any] = {"actor": self.job.actor, "request_id": request_id(self.import_id)}
        return tenant_context(self.job.tenant_id, reason=reason, **told)

    def _expect_rows(self) -> None:
        """From here on progress counts rows; the reading that is done stands for its share."""
        rows = sum(
            len(board.columns) + len(board.labels) + sum(1 for _ in chain(*streams(board)))
            for board in self.draft.boards
        )
        self.beat.total = int(rows / (1 - READING_SHARE)) + 1
        self.beat.done = self.beat.total - rows

    def _people(self, board: draft.Board) -> None:
        with self.context():
            lock_imports(self.job.tenant_id)
            self.plan.people(board)
            write_people(self.run, board)

    def _board(self, board: draft.Board) -> None:
        lock_imports(self.job.tenant_id)
        planned = Counter(self.plan.report.imported)
        self.plan.board(board, self.run.shelf, self.run.largest_file)
        told = self.plan.report.boards[-1]
        before = held(self.job.tenant_id, told["id"] and uuid.UUID(told["id"]))
        board_id = write_board(self.run, board)
        came = held(self.job.tenant_id, board_id) - before
        if came != self.plan.report.imported - planned:
            raise Refused("not_reconciled")
        self.came += came
        told["id"] = str(board_id)
        self._keep(boards=Func(F("boards"), Value(board_id), function="array_append"))

    def _finish(self, earlier: Counter[str]) -> dict[str, Any]:
        """`earlier` is what this import had brought before it was interrupted."""
        people = {kind: self.plan.report.imported[kind] for kind in ("members", "former_members")}
        self.plan.report.imported += earlier
        self.plan.report.unchanged -= earlier
        report = reconciled(self.plan.report.stored(self.tally), self.came + earlier + Counter(people))
        self._keep(state=State.DONE, report=report, beat_at=None, finished_at=timezone.now())
        return report

    def _keep(self, **changes: Any) -> None:
        mine = Import.objects.filter(tenant_id=self.job.tenant_id, pk=self.import_id, attempt=self.job.attempt)
        if not mine.update(**changes):
            raise Taken


def streams(board: draft.Board) -> tuple[Iterable[Any], ...]:
    return (board.tickets, board.checklists, board.items, board.comments, board.attachments, board.moves)
