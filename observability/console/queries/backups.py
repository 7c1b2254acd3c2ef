"""What is backed up, how far it reaches, and whether a restore was proven."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from backups.config import configured
from backups.models import Archive, Backup, RestoreDrill, State
from backups.proven import Proven, last_backup, last_proven, measured_rpo, sends_log
from backups.sentences import Stopped
from observability.console.health import Component, Health
from tenancy.operators import OPERATORS_ID

SHOWN = 30
# What is promised (research X5).
RPO, RTO, OLDEST = timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=26)


@dataclass(frozen=True)
class Standing:
    """`rpo` is what would be lost now, `rto` what the last drill that passed took."""

    newest: Backup | None
    rpo: timedelta | None
    rto: timedelta | None
    proven: Proven | None
    archive: Archive | None
    failed: str
    place: str
    same_disk: bool
    is_on: bool


def standing() -> Standing:
    place, same_disk, is_on = where()
    passed = drills().filter(state=RestoreDrill.State.PASSED).first()
    return Standing(
        newest=last_backup(),
        rpo=measured_rpo(),
        rto=timedelta(seconds=passed.rto_seconds) if passed and passed.rto_seconds else None,
        proven=last_proven(),
        archive=Archive.objects.filter(tenant_id=OPERATORS_ID).first(),
        failed=failed(),
        place=place,
        same_disk=same_disk,
        is_on=is_on,
    )


def where() -> tuple[str, bool, bool]:
    try:
        config = configured()
    except Stopped as error:
        return str(error), False, True
    return config.url or str(config.folder), config.same_disk, config.on


def backups() -> list[Backup]:
    rows = Backup.objects.filter(tenant_id=OPERATORS_ID).select_related("asked_by")
    return list(rows.order_by("-started_at")[:SHOWN])


def sizes() -> list[tuple[date, int]]:
    """(day, bytes) of the base backups of a month, the largest of a day; nothing where there is none."""
    first = timezone.localdate() - timedelta(days=SHOWN - 1)
    done = Backup.objects.filter(tenant_id=OPERATORS_ID, kind="base", state__in=(State.DONE, State.PRUNED))
    of_month = done.filter(started_at__date__gte=first)
    by_day = dict(of_month.values_list("started_at__date").annotate(Max("bytes")).order_by())
    days = (first + timedelta(days=number) for number in range(SHOWN))
    return [(day, by_day.get(day, 0)) for day in days] if by_day else []


def drills() -> QuerySet[RestoreDrill]:
    rows = RestoreDrill.objects.filter(tenant_id=OPERATORS_ID).select_related("asked_by", "backup")
    return rows.order_by("-started_at")


def failed() -> str:
    """Why the newest attempt of a kind went wrong; "" where none did. Of kinds that the database lets be made."""
    kinds = ["base", "logical", "files"]
    if not sends_log():
        kinds.remove("base")
    for kind in kinds:
        done = Backup.objects.filter(tenant_id=OPERATORS_ID, kind=kind, state__in=(State.DONE, State.FAILED))
        newest = done.order_by("-started_at").first()
        if newest is not None and newest.state == State.FAILED:
            return newest.error
    return ""


def of_backups() -> Component:
    """The overview's and the doctor's word on it."""
    label, page, now = _("Backups"), "backups", standing()
    if not now.is_on:
        return Component("backups", label, Health.DEGRADED, _("They are off (TIKA_BACKUPS=off)"), "", page)
    if now.newest is None:
        return Component("backups", label, Health.UNKNOWN, _("None has been made yet"), "", page)
    says = _("Loses %(rpo)d s at most; restored %(proven)s") % {
        "rpo": now.rpo.total_seconds() if now.rpo else 0,
        "proven": f"{now.proven.when:%Y-%m-%d}" if now.proven else _("never"),
    }
    if now.failed or now.rpo is None or now.rpo > OLDEST:
        return Component("backups", label, Health.DOWN, says, now.failed or _("Run bin/backup."), page)
    if now.rpo > RPO or now.proven is None or not now.proven.is_fresh:
        advice = now.archive.error if now.archive and now.archive.error else _("Run bin/manage restore_drill.")
        return Component("backups", label, Health.DEGRADED, says, advice, page)
    return Component("backups", label, Health.OK, says, "", page)
