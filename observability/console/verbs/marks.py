"""Writing down what happened to the installation. The transaction must have been told the operators' workspace."""

from datetime import datetime

from django.utils import timezone

from observability.console.models import Mark
from observability.console.version import running
from tenancy.context import Actor, tenant_context
from tenancy.operators import OPERATORS_ID

STARTED = Actor("system", "start")


def record(kind: str, name: str, *, detail: str = "", at: datetime | None = None) -> Mark:
    return Mark.objects.create(
        tenant_id=OPERATORS_ID, kind=kind, name=name[:100], detail=detail[:200], at=at or timezone.now()
    )


def add_to(mark: Mark, more: str) -> None:
    """What became of it."""
    mark.detail = (mark.detail + more)[:200]
    mark.save(update_fields=["detail"])


def record_deploy(name: str, *, detail: str = "") -> bool:
    """False where this is what was deployed last: a pipeline and the start of a process may both say it, and the mark
    takes the detail from whoever has one."""
    deploys = Mark.objects.filter(tenant_id=OPERATORS_ID, kind=Mark.Kind.DEPLOY)
    last = deploys.order_by("-at").first()
    if last is not None and last.name == name[:100]:
        if detail and not last.detail:
            deploys.filter(pk=last.pk).update(detail=detail[:200])
        return False
    record(Mark.Kind.DEPLOY, name, detail=detail)
    return True


def note_running_version() -> None:
    """The worker's round: the first one after a start finds a version that was not there before."""
    with tenant_context(OPERATORS_ID, actor=STARTED):
        record_deploy(running())
