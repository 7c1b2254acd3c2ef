"""Restoring for the proof: the newest backup into a server of its own, measured and compared with the original."""

import psycopg
from django.utils import timezone

from audit.models.operator import Operator
from backups.config import Config
from backups.making.making import clean
from backups.models import Backup, RestoreDrill
from backups.restore.attempt import Say, attempt
from backups.sentences import Stopped
from backups.verbs.ending import end
from tenancy.context import Actor, tenant_context
from tenancy.operators import OPERATORS_ID

DrillState = RestoreDrill.State


def ask(*, by: Operator) -> None:
    values = {"tenant_id": OPERATORS_ID, "state": DrillState.ASKED}
    if not RestoreDrill.objects.filter(**values).exists():
        RestoreDrill.objects.create(**values, asked_by_id=by.user_id, started_at=timezone.now())


def drill(config: Config, *, by: Actor, say: Say) -> RestoreDrill:
    """The row, passed or failed. Inside `one_at_a_time`."""
    row = begin(by)
    try:
        found = attempt(config, say)
    except (Stopped, OSError, psycopg.Error) as error:
        return end(row, by, state=DrillState.FAILED, error=clean(error))
    except BaseException as error:
        end(row, by, state=DrillState.FAILED, error=f"It was interrupted ({type(error).__name__}).")
        raise
    passed = all(check["passed"] for check in found.checks)
    with tenant_context(OPERATORS_ID, actor=by):
        row.backup = Backup.objects.filter(tenant_id=OPERATORS_ID, name=found.backup).first()
    facts = {"restored_to": found.restored_to, "rto_seconds": found.rto, "rpo_seconds": found.rpo}
    return end(row, by, state=DrillState.PASSED if passed else DrillState.FAILED, checks=found.checks, **facts)


def begin(by: Actor) -> RestoreDrill:
    with tenant_context(OPERATORS_ID, actor=by):
        mine = RestoreDrill.objects.filter(tenant_id=OPERATORS_ID)
        mine.filter(state=DrillState.RUNNING).update(
            state=DrillState.FAILED, ended_at=timezone.now(), error="Its process was killed."
        )
        row = mine.filter(state=DrillState.ASKED).first() or RestoreDrill(tenant_id=OPERATORS_ID)
        row.state, row.started_at = DrillState.RUNNING, timezone.now()
        row.save()
    return row
