"""What the doctor looks at here: objectives, whether they are measured, what is left of them."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from observability.doctor.check import Finding, fail, ok, unknown, warn
from observability.doctor.registry import check
from observability.doctor.rows import limit_statements
from observability.doctor.stages import Stage
from observability.slo.models import SliMinute
from observability.slo.objective import objectives
from observability.slo.queries.standing import Standing, standings
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID

FRESH = timedelta(minutes=15)
GATE = "bin/manage deploy_gate --change feature"


def now_standing() -> list[Standing]:
    with tenant_context(OPERATORS_ID):
        limit_statements()
        return standings()


@check(
    "slo.prober",
    Stage.TEAM,
    gettext_lazy("Tika asks its own address while nobody else does"),
    gettext_lazy("TIKA_PROBE_URL, and the events counted in the last quarter of an hour."),
)
def prober() -> Finding:
    if not settings.PROBE_URL:
        advice = _("Without it a quiet night tells nothing.")
        return fail(_("TIKA_PROBE_URL is empty"), f"TIKA_PROBE_URL={settings.BASE_URL}/api/health", advice)
    with tenant_context(OPERATORS_ID):
        limit_statements()
        since = timezone.now() - FRESH
        mine = SliMinute.objects.filter(tenant_id=OPERATORS_ID, sli="availability", minute__gt=since)
        counted, probed = 0, 0
        for valid, synthetic in mine.values_list("valid", "synthetic"):
            counted, probed = counted + valid, probed + synthetic
    says = _("%(all)d events in 15 minutes, %(probed)d of them from the prober") % {"all": counted, "probed": probed}
    if not counted:
        return fail(says, "bin/manage worker", _("The worker asks every 10 seconds: is it there?"))
    return ok(says)


@check(
    "slo.defined",
    Stage.SAAS,
    gettext_lazy("What is promised is written down"),
    gettext_lazy("The objectives’ file, and whether counting is on."),
)
def defined() -> Finding:
    found = objectives().all
    says = _("%(count)d objectives: %(names)s") % {"count": len(found), "names": ", ".join(one.name for one in found)}
    if not settings.INDICATORS:
        return fail(_("TIKA_INDICATORS is off: nothing is counted"), "TIKA_INDICATORS=true")
    return ok(says) if found else fail(says, "TIKA_OBJECTIVES=/etc/tika/objectives.toml")


@check(
    "slo.measured",
    Stage.SAAS,
    gettext_lazy("What is promised is measured"),
    gettext_lazy("The newest minute counted for each objective that decides about deploys."),
)
def measured() -> Finding:
    found = [one for one in now_standing() if one.objective.gates_deploys]
    silent = [one.objective.name for one in found if one.last is None or one.now - one.last > FRESH]
    last = max((one.last for one in found if one.last), default=None)
    values = {"fresh": len(found) - len(silent), "all": len(found), "at": f"{last:%Y-%m-%d %H:%M} UTC" if last else "–"}
    says = _("%(fresh)d of %(all)d counted in the last 15 minutes; the newest event: %(at)s") % values
    if silent:
        advice = _("Silent: %(names)s") % {"names": ", ".join(silent)}
        return fail(says, GATE, advice)
    return ok(says)


@check(
    "slo.budget",
    Stage.SAAS,
    gettext_lazy("There is error budget left"),
    gettext_lazy("The objective with the least budget among those that decide about deploys."),
)
def budget() -> Finding:
    deciding = [one for one in now_standing() if one.objective.gates_deploys]
    known = [(one.remaining, one) for one in deciding if one.remaining is not None]
    if not known:
        return unknown(_("Insufficient data"), GATE, _("It is known once people, or the prober, have asked."))
    left, standing = min(known, key=lambda pair: pair[0])
    says = _("%(left).1f %% left of %(name)s, over %(days)d days") % {
        "left": left * 100,
        "name": standing.objective.name,
        "days": standing.objective.window_days,
    }
    if left <= 0:
        return fail(says, GATE, _("Nothing but fixes until it has recovered; hold an incident review."))
    if left < objectives().policy.features_stop_below:
        return warn(says, GATE, _("Features wait; stability comes first."))
    return ok(says)
