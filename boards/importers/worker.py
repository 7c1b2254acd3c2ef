"""Takes waiting imports and carries them one state further: to a report, to rows, or back to nothing."""

import uuid
from datetime import timedelta
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, connection
from django.db.models import F, Q
from django.utils import timezone

from boards.importers.beat import Beat
from boards.importers.files import sweep
from boards.importers.job import Job, job_of, upload_path
from boards.importers.people import remove_unused
from boards.importers.tally import Refused
from boards.importers.undo import undo
from boards.importers.work import Taken, analyse, run
from boards.models.importing import Import, State
from observability.tracing.queue import working
from tenancy.context import tenant_context

log = structlog.get_logger(__name__)

# Without a sign of life for this long, whoever had taken it is dead.
PATIENCE = timedelta(seconds=20)
WAITING_SQL = "SELECT tenant_id, id FROM boards_imports_waiting(make_interval(secs => %s))"
MOST_ATTEMPTS = 5
TAKEN_AS = {State.UPLOADED: State.ANALYSING, State.STARTED: State.RUNNING}


def work_off() -> int:
    """Carries on every import that waits, in all workspaces; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING_SQL, [PATIENCE.total_seconds()])
        waiting = cursor.fetchall()
    return sum(carry_on(tenant_id, import_id) for tenant_id, import_id in waiting)


def carry_on(tenant_id: uuid.UUID, import_id: uuid.UUID) -> bool:
    """False where another worker has it, or there is nothing to do."""
    row = take(tenant_id, import_id)
    if row is None:
        return False
    with working(f"import {row.state}", row.cause, tenant_id=tenant_id):
        _carry(row, job_of(row))
    return True


def _carry(row: Import, job: Job) -> None:
    import_id = row.pk
    try:
        _step(row, job)
    except Refused as refused:
        fail(job, refused.code, refused.values)
    except Taken:
        log.warning("import.taken_by_another_worker", import_id=str(import_id))
    except (OperationalError, InterfaceError):
        # The database went away; the row waits for the next round.
        connection.close()
        log.warning("import.database_gone", import_id=str(import_id))
    except Exception:
        log.exception("import.broken", import_id=str(import_id))
        fail(job, "broken", {})


def take(tenant_id: uuid.UUID, import_id: uuid.UUID) -> Import | None:
    """The row, now ours, if nobody works on it; one that keeps killing its worker is given up."""
    silent = Q(beat_at=None) | Q(beat_at__lt=timezone.now() - PATIENCE)
    with tenant_context(tenant_id):
        rows = Import.objects.filter(silent, tenant_id=tenant_id, pk=import_id)
        row = rows.select_for_update(skip_locked=True).first()
        if row is None or not (row.is_waiting or row.is_expired):
            return None
        state = TAKEN_AS.get(State(row.state), row.state)
        Import.objects.filter(tenant_id=tenant_id, pk=import_id).update(
            state=state, attempt=F("attempt") + 1, beat_at=timezone.now(), progress=0
        )
        row.refresh_from_db()
        return row


def _step(row: Import, job: Job) -> None:
    if row.state == State.READY:
        raise Refused("expired")
    if row.attempt > MOST_ATTEMPTS:
        raise Refused("stopped")
    with Beat(row.tenant_id, row.pk, row.attempt) as beat:
        if row.state == State.UNDOING:
            undo(job)
            return
        if not job.path.exists():
            raise Refused("stopped" if row.state == State.RUNNING else "file_gone")
        if row.state == State.ANALYSING:
            report = analyse(job, beat)
            keep(job, state=State.READY, report=report, beat_at=None, attempt=0)
        else:
            run(job, beat)
            job.path.unlink(missing_ok=True)


def fail(job: Job, code: str, values: dict[str, Any]) -> None:
    """Nothing of what was being written stays: neither placeholders nor files, nor the upload."""
    assert job.import_id is not None
    with tenant_context(job.tenant_id, actor=job.actor):
        remove_unused(job.tenant_id, [job.import_id])
        sweep(job.tenant_id, job.import_id)
    keep(job, state=State.FAILED, refusal={"code": code, "values": values}, beat_at=None, finished_at=timezone.now())
    upload_path(job.tenant_id, job.import_id).unlink(missing_ok=True)


def keep(job: Job, **changes: Any) -> None:
    """Raises Taken when the import is no longer ours."""
    assert job.import_id is not None
    with tenant_context(job.tenant_id, actor=job.actor):
        mine = Import.objects.filter(tenant_id=job.tenant_id, pk=job.import_id, attempt=job.attempt)
        if not mine.update(**changes):
            raise Taken
