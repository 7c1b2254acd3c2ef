"""Takes back all an import has brought, whatever became of it since."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from boards.importers.files import sweep
from boards.importers.job import Job, upload_path
from boards.importers.known import MODELS, Kind
from boards.importers.people import remove_unused
from boards.importers.reconcile import request_id
from boards.importers.target import batches
from boards.importers.writer import lock_imports
from boards.models import Attachment, Board, Checklist, ChecklistItem, Column, Comment, Label, Ticket
from boards.models.importing import Import, ImportedObject, State
from boards.verbs.attachments import path_of
from tenancy.context import tenant_context

# Each after what refers to it, so that every table is emptied in one statement.
ON_BOARDS: tuple[Any, ...] = (Comment, ChecklistItem, Checklist, Attachment, Ticket, Label, Column)
BY_KIND = (Kind.COMMENT, Kind.ITEM, Kind.CHECKLIST, Kind.ATTACHMENT, Kind.TICKET, Kind.LABEL)


@dataclass(frozen=True)
class Warnings:
    """What people did to the import's boards since, which an undo takes away too."""

    tickets_made: int
    tickets_edited: int
    comments_made: int


def warnings(row: Import) -> Warnings:
    boards = _noted(row, Kind.BOARD).values("object_id")
    mine = _noted(row, Kind.TICKET).values("object_id")
    tickets = Ticket.objects.filter(tenant_id=row.tenant_id)
    noted_comments = ImportedObject.objects.filter(tenant_id=row.tenant_id, kind=Kind.COMMENT).values("object_id")
    comments = Comment.objects.filter(Q(board_id__in=boards) | Q(ticket_id__in=mine), tenant_id=row.tenant_id)
    return Warnings(
        tickets_made=tickets.filter(board_id__in=boards).exclude(pk__in=_all(row, Kind.TICKET)).count(),
        tickets_edited=tickets.filter(pk__in=mine, version__gt=1).count(),
        comments_made=comments.exclude(pk__in=noted_comments).count(),
    )


def undo(job: Job) -> None:
    """The boards' rows in one transaction, then the people nothing names any more. The log keeps all of it."""
    assert job.import_id is not None
    told: dict[str, Any] = {"actor": job.actor, "request_id": request_id(job.import_id)}
    with tenant_context(job.tenant_id, reason=f"undo {job.source}: {job.name}", **told):
        lock_imports(job.tenant_id)
        row = Import.objects.get(tenant_id=job.tenant_id, pk=job.import_id)
        _remove_boards(row)
        _remove_from_other_boards(row)
    with tenant_context(job.tenant_id, reason=f"undo {job.source}: {job.name}", **told):
        lock_imports(job.tenant_id)
        undone = Import.objects.filter(tenant_id=job.tenant_id, state=State.UNDONE).values_list("pk", flat=True)
        remove_unused(job.tenant_id, [job.import_id, *undone])
        sweep(job.tenant_id, job.import_id)
        upload_path(job.tenant_id, job.import_id).unlink(missing_ok=True)
        mine = Import.objects.filter(tenant_id=job.tenant_id, pk=job.import_id, attempt=job.attempt)
        mine.update(state=State.UNDONE, boards=[], undone_at=timezone.now(), beat_at=None)


def _noted(row: Import, kind: str) -> Any:
    return ImportedObject.objects.filter(tenant_id=row.tenant_id, origin_id=row.pk, kind=kind)


def _all(row: Import, kind: str) -> Any:
    return ImportedObject.objects.filter(tenant_id=row.tenant_id, kind=kind).values("object_id")


def _remove_boards(row: Import) -> None:
    """The boards it made, with everything on them."""
    noted = list(_noted(row, Kind.BOARD).values_list("scope", "object_id"))
    ids = [object_id for _, object_id in noted]
    boards = Board.objects.filter(tenant_id=row.tenant_id, pk__in=ids)
    list(boards.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    _remove_files_of(Attachment.objects.filter(tenant_id=row.tenant_id, board_id__in=ids))
    for model in ON_BOARDS:
        model.objects.filter(tenant_id=row.tenant_id, board_id__in=ids)._raw_delete(using="default")
    boards._raw_delete(using="default")
    scopes = [scope for scope, _ in noted]
    ImportedObject.objects.filter(tenant_id=row.tenant_id, source=row.source, scope__in=scopes).exclude(
        kind=Kind.PERSON
    ).delete()


def _remove_from_other_boards(row: Import) -> None:
    """What it added to boards that an earlier import had made; a column others use stays."""
    for kind in BY_KIND:
        for ids in batches(list(_noted(row, kind).values_list("object_id", flat=True))):
            if kind == Kind.TICKET:
                _remove_files_of(Attachment.objects.filter(tenant_id=row.tenant_id, ticket_id__in=ids))
            MODELS[kind].objects.filter(tenant_id=row.tenant_id, pk__in=ids)._raw_delete(using="default")
    in_use = Ticket.objects.filter(tenant_id=row.tenant_id).values("column_id")
    columns = Column.objects.filter(tenant_id=row.tenant_id, pk__in=_noted(row, Kind.COLUMN).values("object_id"))
    columns.exclude(pk__in=in_use)._raw_delete(using="default")
    ImportedObject.objects.filter(tenant_id=row.tenant_id, origin_id=row.pk).exclude(
        kind__in=(Kind.PERSON, Kind.CLAIMED)
    ).delete()


def _remove_files_of(attachments: QuerySet[Attachment]) -> None:
    """Once the rows are gone for good."""
    for key in attachments.exclude(storage_key="").values_list("storage_key", flat=True):
        transaction.on_commit(partial(path_of(key).unlink, missing_ok=True))
