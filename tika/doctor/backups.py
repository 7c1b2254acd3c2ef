"""Whether there is a backup, and whether it was ever restored."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from observability.doctor.check import Finding, fail, ok
from observability.doctor.registry import announce, check
from observability.doctor.stages import Stage
from observability.metrics import catalogue, facts

# Research X5: older than this is an alarm of the first degree.
OLDEST = timedelta(hours=26)
REMEDY = "bin/backup"


@check(
    "backups.recent",
    Stage.MVP,
    gettext_lazy("There is a backup of today"),
    gettext_lazy("When the last backup ended, by the file last_backup in the data folder."),
)
def recent() -> Finding:
    found = facts.backup(settings.DATA_DIR)
    if not found:
        return fail(_("No backup has ever ended"), REMEDY, _("Until then a broken disk is the end of everything."))
    age = timedelta(seconds=found[catalogue.BACKUP_AGE.name][()])
    ended = datetime.now(UTC) - age
    says = _("The last one ended at %(at)s UTC, %(hours).1f hours ago") % {
        "at": f"{ended:%Y-%m-%d %H:%M}",
        "hours": age / timedelta(hours=1),
    }
    return ok(says) if age <= OLDEST else fail(says, REMEDY, _("It must be no older than 26 hours."))


LATER = gettext_lazy("Meanwhile restore a copy by hand into another folder, look at it, and write down when.")
announce(
    "backups.proven",
    Stage.TEAM,
    gettext_lazy("A restore was proven"),
    gettext_lazy("When a backup was last restored elsewhere and compared."),
    remedy="bin/restore",
    advice=LATER,
)
announce(
    "backups.offsite",
    Stage.TEAM,
    gettext_lazy("A backup is kept elsewhere"),
    gettext_lazy("Where backups are kept."),
    remedy="bin/backup",
    advice=gettext_lazy("Meanwhile copy the backups to another site, encrypted."),
)
announce(
    "backups.point_in_time",
    Stage.SAAS,
    gettext_lazy("Any moment of the last days can be restored"),
    gettext_lazy("Whether the write-ahead log is archived."),
    remedy="bin/backup",
    advice=gettext_lazy("Meanwhile archive it with PostgreSQL’s archive_command."),
)
