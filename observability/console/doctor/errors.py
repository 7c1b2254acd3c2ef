"""Who hears of an exception."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from observability.console.queries.errors import error_groups
from observability.doctor.check import Finding, ok, warn
from observability.doctor.registry import check
from observability.doctor.rows import limit_statements
from observability.doctor.stages import Stage
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID

WEEK = timedelta(days=7)


@check(
    "errors.sentry",
    Stage.TEAM,
    gettext_lazy("Somebody is told of exceptions"),
    gettext_lazy("SENTRY_DSN, and the groups of exceptions of the last 7 days."),
)
def sentry() -> Finding:
    with tenant_context(OPERATORS_ID):
        limit_statements()
        groups = error_groups().filter(last_seen_at__gt=timezone.now() - WEEK).count()
    values = {"count": groups}
    if not settings.SENTRY_DSN:
        says = _("They are kept in the console alone: %(count)d groups in 7 days") % values
        advice = _("A Sentry, GlitchTip or Bugsink tells people; an air-gapped site runs one of its own.")
        return warn(says, "SENTRY_DSN=https://key@sentry.example.com/4", advice)
    return ok(_("They are sent to a Sentry; %(count)d groups in 7 days") % values)
