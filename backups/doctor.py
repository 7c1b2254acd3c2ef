"""What the doctor looks at here: is there a backup, was it ever restored, where is it, and what would be lost?"""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backups import proven
from backups.config import configured
from observability.doctor.check import Finding, fail, ok, warn
from observability.doctor.registry import check
from observability.doctor.rows import short
from observability.doctor.stages import Stage

# Research X5: older than this is an alarm of the first degree; and what may be lost at most.
OLDEST, RPO = timedelta(hours=26), timedelta(minutes=5)
RPO_LIMIT = timedelta(hours=1)
BACKUP, DRILL = "bin/backup", "bin/manage restore_drill"


@check(
    "backups.recent",
    Stage.MVP,
    gettext_lazy("There is a backup of today"),
    gettext_lazy("The last backup of the database that ended well."),
)
def recent() -> Finding:
    with short():
        last = proven.last_backup()
    if last is None:
        return fail(_("No backup has ever ended"), BACKUP, _("Until then a broken disk is the end of everything."))
    ended = last.ended_at or last.started_at
    age = timezone.now() - ended
    says = _("The last one ended at %(at)s UTC, %(hours).1f hours ago") % {
        "at": f"{ended:%Y-%m-%d %H:%M}",
        "hours": age / timedelta(hours=1),
    }
    return ok(says) if age <= OLDEST else fail(says, BACKUP, _("It must be no older than 26 hours."))


@check(
    "backups.proven",
    Stage.TEAM,
    gettext_lazy("A restore was proven"),
    gettext_lazy("The last drill that restored a backup into a server of its own and found everything in it."),
)
def restored() -> Finding:
    with short():
        last = proven.last_proven()
    if last is None:
        return fail(_("No restore was ever proven"), DRILL, _("A backup nobody has restored is a hope."))
    says = _("Proven at %(at)s UTC, %(days)d days ago") % {"at": f"{last.when:%Y-%m-%d %H:%M}", "days": last.age.days}
    return ok(says) if last.is_fresh else fail(says, DRILL, _("One a week is due."))


@check(
    "backups.offsite",
    Stage.TEAM,
    gettext_lazy("A backup is kept elsewhere"),
    gettext_lazy("TIKA_BACKUP_URL and TIKA_BACKUP_DIR, and the disk they are on."),
)
def offsite() -> Finding:
    config, elsewhere = configured(), "TIKA_BACKUP_URL=s3://bucket/tika"
    if config.url:
        return ok(_("In %(place)s") % {"place": config.url})
    says = _("In %(place)s") % {"place": config.folder}
    if config.same_disk:
        return fail(says, elsewhere, _("That is the disk with the data: they are lost together."))
    return warn(says, elsewhere, _("Another disk, or another machine? A fire takes both disks."))


@check(
    "backups.point_in_time",
    Stage.SAAS,
    gettext_lazy("Any moment of the last days can be restored"),
    gettext_lazy("How far the stored write-ahead log reaches: what would be lost if the database were gone now."),
)
def point_in_time() -> Finding:
    with short():
        lost = proven.measured_rpo()
    advice = _("Five minutes are wanted: is the backup process there, and does it reach its store?")
    if lost is None:
        return fail(_("Nothing has been stored yet"), BACKUP, advice)
    if not proven.sends_log():
        advice = _("The database does not hand out its log, so dumps are all there is: /ops/backups/ says what to do.")
    says = _("%(minutes).1f minutes of work would be lost now") % {"minutes": lost / timedelta(minutes=1)}
    return ok(says) if lost <= RPO else warn(says, BACKUP, advice) if lost <= RPO_LIMIT else fail(says, BACKUP, advice)
