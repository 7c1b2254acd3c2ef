"""What a person may have done with an import; the worker does it."""

import uuid
from typing import Any

from boards.importers.job import upload_path
from boards.importers.people import claim
from boards.models.importing import Import, State
from observability.tracing.queue import cause
from tenancy.errors import Conflict, NotFound
from tenancy.identity import Member
from tenancy.models import Membership


def start(row: Import) -> None:
    """Raises Conflict where somebody was faster."""
    _change(row, (State.READY,), state=State.STARTED, beat_at=None, cause=cause())


def discard(row: Import) -> None:
    """Forgets an import that has written nothing, and its file. Raises Conflict."""
    if row.boards:
        raise Conflict
    _change(row, (State.READY, State.FAILED, State.UNDONE), progress=0)
    Import.objects.filter(tenant_id=row.tenant_id, pk=row.pk).delete()
    upload_path(row.tenant_id, row.pk).unlink(missing_ok=True)


def take_back(row: Import, *, by_id: uuid.UUID | None) -> None:
    """Everything it has brought goes, whatever became of it. Raises Conflict where there is nothing to take back."""
    _change(
        row,
        (State.DONE, State.FAILED),
        state=State.UNDOING,
        undone_by_id=by_id,
        beat_at=None,
        attempt=0,
        progress=0,
        cause=cause(),
    )


def say_who(placeholder_id: uuid.UUID, person_id: uuid.UUID, *, by: Member) -> None:
    """The placeholder is this member: what it is assigned to and said becomes theirs. Raises NotFound."""
    people = Membership.objects.filter(tenant_id=by.tenant_id, is_active=True)
    placeholder = people.filter(pk=placeholder_id, user=None).first()
    person = people.filter(pk=person_id).exclude(user=None).first()
    if placeholder is None or person is None:
        raise NotFound
    claim(placeholder, person)


def _change(row: Import, states: tuple[State, ...], **changes: Any) -> None:
    mine = Import.objects.filter(tenant_id=row.tenant_id, pk=row.pk, state__in=states)
    if not mine.update(**changes):
        raise Conflict
