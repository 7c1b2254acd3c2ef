"""What the doctor looks at here: the log of what happened, and who looks after the installation."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.models.operator import Level, Operator
from observability.doctor.check import Finding, fail, ok, warn
from observability.doctor.registry import check
from observability.doctor.rows import limit_statements, rows
from observability.doctor.stages import Stage
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID

LOG_SQL = """
SELECT count(DISTINCT t.tgrelid) FILTER (WHERE t.tgenabled = 'O'),
       count(*) FILTER (WHERE t.tgenabled <> 'O'),
       has_table_privilege('audit_entry', 'UPDATE') OR has_table_privilege('audit_entry', 'DELETE'),
       (SELECT count(*) FROM pg_trigger a WHERE a.tgrelid = 'audit_entry'::regclass AND a.tgname = 'audit_append_only'
        AND a.tgenabled = 'O')
FROM pg_trigger t WHERE t.tgfoid = 'tika_log'::regproc AND NOT t.tgisinternal
"""
MONTHS_SQL = """
SELECT to_char(m, 'YYYY-MM') FROM generate_series(date_trunc('month', now() AT TIME ZONE 'UTC'),
    date_trunc('month', now() AT TIME ZONE 'UTC') + interval '1 month', interval '1 month') m
WHERE to_regclass('public.audit_entry_' || to_char(m, 'YYYYMM')) IS NULL
"""
GRANT = "bin/manage grant_operator --email ann@example.com --level admin"


@check(
    "audit.log",
    Stage.ENTERPRISE,
    gettext_lazy("Every change is written down, and nothing takes it back"),
    gettext_lazy("PostgreSQL’s catalogue: the triggers that write the log, and the rights on it."),
)
def log() -> Finding:
    logged, off, changeable, append_only = rows(LOG_SQL)[0]
    says = _("%(logged)d tables are logged, %(off)d triggers are off; the log is append-only: %(only)s") % {
        "logged": logged,
        "off": off,
        "only": _("yes") if append_only and not changeable else _("no"),
    }
    if off or changeable or not append_only:
        return fail(says, "bin/manage migrate", _("Somebody has changed the schema by hand: find out who, and why."))
    return ok(says)


@check(
    "audit.months",
    Stage.MVP,
    gettext_lazy("The log has room for the next month"),
    gettext_lazy("The log’s partitions: this month’s and the next one’s."),
)
def months() -> Finding:
    missing = [month for (month,) in rows(MONTHS_SQL)]
    if missing:
        says = _("Months without a partition: %(months)s") % {"months": ", ".join(missing)}
        return warn(says, "bin/manage worker", _("The worker makes them once a day: start it, and look again."))
    return ok(_("This month and the next have theirs"))


@check(
    "audit.operators",
    Stage.MVP,
    gettext_lazy("Somebody looks after the installation"),
    gettext_lazy("The operators’ grants in force."),
)
def operators() -> Finding:
    count, admins = grants()
    says = _("Operators: %(count)d, administrators among them: %(admins)d") % {"count": count, "admins": admins}
    return ok(says) if admins else fail(says, GRANT, _("Without one nobody can open the console."))


@check(
    "audit.two_people",
    Stage.SAAS,
    gettext_lazy("Two people can set the deploy gate aside together"),
    gettext_lazy("The operators’ grants in force: an override needs a second administrator."),
)
def two_people() -> Finding:
    _count, admins = grants()
    says = _("Administrators: %(admins)d") % {"admins": admins}
    return ok(says) if admins > 1 else fail(says, GRANT, _("Let a second person in."))


def grants() -> tuple[int, int]:
    """(operators, administrators among them)."""
    with tenant_context(OPERATORS_ID):
        limit_statements()
        levels = Operator.objects.filter(tenant_id=OPERATORS_ID, revoked_at=None).values_list("level", flat=True)
        found = list(levels)
    return len(found), found.count(Level.ADMIN)
