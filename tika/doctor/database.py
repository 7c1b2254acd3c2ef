"""PostgreSQL's own settings: is what was acknowledged on the disk, and do all processes fit?"""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from observability.doctor.check import Finding, fail, ok, warn
from observability.doctor.registry import check
from observability.doctor.rows import rows
from observability.doctor.stages import Stage
from tika import connections

OLDEST = 16
DURABLE_SQL = """
SELECT current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit'),
       current_setting('server_version_num')::int / 10000, current_setting('data_checksums')
"""


@check(
    "database.durable",
    Stage.MVP,
    gettext_lazy("What was acknowledged survives a power cut"),
    gettext_lazy("PostgreSQL’s fsync, full_page_writes and synchronous_commit, and its version."),
)
def durable() -> Finding:
    fsync, pages, commit, version, checksums = rows(DURABLE_SQL)[0]
    says = (
        f"PostgreSQL {version}: fsync {fsync}, full_page_writes {pages}, synchronous_commit {commit},"
        f" data_checksums {checksums}"
    )
    if version < OLDEST:
        return fail(says, "pg_upgrade", _("Tika needs PostgreSQL 16 or newer."))
    if "off" in (fsync, pages, commit):
        remedy = "ALTER SYSTEM RESET fsync; ALTER SYSTEM RESET full_page_writes; ALTER SYSTEM RESET synchronous_commit"
        return fail(says, remedy, _("A crash may lose what people were told is kept."))
    if checksums == "off":
        return warn(says, "pg_checksums --enable", _("A disk that lies is not noticed; PostgreSQL must be stopped."))
    return ok(says)


@check(
    "database.fits",
    Stage.MVP,
    gettext_lazy("All processes fit into the database’s connections"),
    gettext_lazy("How many connections the processes may open at most, and how many are granted."),
)
def fits() -> Finding:
    if settings.PGBOUNCER:
        return ok(_("PgBouncer hands connections on (TIKA_PGBOUNCER)"))
    wanted, granted = sum(connections.needed().values()), connections.granted()
    says = _("%(wanted)d at most, %(granted)d granted") % {"wanted": wanted, "granted": granted}
    if wanted > granted:
        return fail(says, "TIKA_PGBOUNCER=1", _("Lower TIKA_WEB_WORKERS or TIKA_WEB_THREADS, or put PgBouncer before."))
    return ok(says)


@check(
    "database.pool",
    Stage.SAAS,
    gettext_lazy("Connections are pooled before they run out"),
    gettext_lazy("TIKA_PGBOUNCER, and the share of the granted connections that the processes may need."),
)
def pool() -> Finding:
    if settings.PGBOUNCER:
        return ok(_("PgBouncer hands connections on (TIKA_PGBOUNCER)"))
    wanted, granted = sum(connections.needed().values()), connections.granted()
    says = _("%(share)d %% of the granted connections may be needed: %(wanted)d of %(granted)d") % {
        "share": wanted * 100 / granted,
        "wanted": wanted,
        "granted": granted,
    }
    if wanted > granted / 2:
        return warn(says, "TIKA_PGBOUNCER=1", _("A second machine’s processes would no longer fit."))
    return ok(says)
