"""What the deployment pipeline does before a version gets here; it says so itself, with `record_pipeline`."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from observability.console.queries.pipeline import steps
from observability.doctor.check import Check, Finding, fail, ok, unknown, warn
from observability.doctor.registry import add
from observability.doctor.rows import limit_statements
from observability.doctor.stages import Stage
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID

FRESH = timedelta(days=30)
LOOKS_AT = gettext_lazy("What the pipeline reported last about this step (record_pipeline).")


def reported(step: str) -> Finding:
    with tenant_context(OPERATORS_ID):
        limit_statements()
        last = steps().get(step)
    remedy = f"bin/manage record_pipeline --commit $(git rev-parse HEAD) --step {step}=passed"
    if last is None:
        advice = _("Let the pipeline report it after the step; docs/doctor.md says where.")
        return unknown(_("No pipeline has reported it"), remedy, advice)
    values = {"at": f"{last.at:%Y-%m-%d %H:%M} UTC", "commit": last.commit[:10] or "–"}
    if not last.passed:
        return fail(_("Failed at %(at)s, commit %(commit)s") % values, remedy, _("Mend what failed, and run it again."))
    says = _("Passed at %(at)s, commit %(commit)s") % values
    if timezone.now() - last.at > FRESH:
        return warn(says, remedy, _("That is more than 30 days ago."))
    return ok(says)


def register(key: str, stage: Stage, step: str, title: Any) -> None:
    add(Check(key, stage, title, LOOKS_AT, lambda: reported(step)))


register("delivery.pipeline", Stage.TEAM, "tests", gettext_lazy("A pipeline tests each change"))
register("delivery.branch", Stage.TEAM, "branch-protection", gettext_lazy("The main branch is protected"))
register("delivery.notice", Stage.TEAM, "deploy-notice", gettext_lazy("People are told of a deploy"))
register("delivery.staging", Stage.SAAS, "staging", gettext_lazy("A version runs on staging first"))
register("delivery.scan", Stage.SAAS, "scan", gettext_lazy("Code and dependencies are scanned"))
register("delivery.dast", Stage.SAAS, "dast", gettext_lazy("The running application is attacked first"))
register("delivery.gate", Stage.SAAS, "gate", gettext_lazy("The pipeline asks the deploy gate"))
register("delivery.image_scan", Stage.ENTERPRISE, "image-scan", gettext_lazy("The image is scanned and signed"))
register("delivery.terraform", Stage.ENTERPRISE, "terraform-plan", gettext_lazy("Infrastructure comes from code"))
