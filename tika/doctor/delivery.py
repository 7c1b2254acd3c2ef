"""How this version came here: the last stage's packaging, as far as a process sees it from inside."""

import os
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.permissions import GRANTED_BY
from observability.doctor.check import Finding, fail, ok, warn
from observability.doctor.registry import check
from observability.doctor.stages import Stage
from tika import route_guard

# What container engines leave for those inside.
MARKS = (Path("/.dockerenv"), Path("/run/.containerenv"))
GUIDES = ("docs/installing.md", "docs/installing.ko.md")


@check(
    "delivery.image",
    Stage.ENTERPRISE,
    gettext_lazy("It runs from an image"),
    gettext_lazy("TIKA_COMMIT, and the marks of a container."),
)
def image() -> Finding:
    is_inside = any(mark.exists() for mark in MARKS) or "KUBERNETES_SERVICE_HOST" in os.environ
    says = _("In a container: %(inside)s; the image’s commit: %(commit)s") % {
        "inside": _("yes") if is_inside else _("no"),
        "commit": settings.COMMIT[:10] or "–",
    }
    if is_inside and settings.COMMIT:
        return ok(says)
    remedy = "docker build --build-arg TIKA_COMMIT=$(git rev-parse HEAD) -t tika ."
    return warn(says, remedy, _("One that is built once runs the same everywhere, and can be scanned and signed."))


@check(
    "delivery.kubernetes",
    Stage.ENTERPRISE,
    gettext_lazy("It runs on Kubernetes"),
    gettext_lazy("What Kubernetes tells the processes that run in it."),
)
def kubernetes() -> Finding:
    if "KUBERNETES_SERVICE_HOST" in os.environ:
        return ok(_("In a pod, as %(name)s") % {"name": os.environ.get("HOSTNAME", "–")})
    advice = _("One machine is enough for thousands of people; Kubernetes is for upgrades and failures without a gap.")
    return warn(_("Not in a pod"), "deploy/k8s/apply on-premises", advice)


@check(
    "access.routes",
    Stage.ENTERPRISE,
    gettext_lazy("Every address says who may use it"),
    gettext_lazy("Each route’s permission, as the start looks at it."),
)
def routes() -> Finding:
    missing = route_guard.unguarded()
    values = {"missing": len(missing), "permissions": len(GRANTED_BY)}
    says = _("%(missing)d addresses without a permission; %(permissions)d permissions, 4 roles") % values
    return fail(says, "bin/manage check", ", ".join(missing[:5])) if missing else ok(says)


@check(
    "delivery.guide",
    Stage.ENTERPRISE,
    gettext_lazy("Who installs it finds how, in both languages"),
    gettext_lazy("The operators’ guide beside the program."),
)
def guide() -> Finding:
    there = [path for path in GUIDES if (settings.ROOT / path).is_file()]
    says = _("There: %(paths)s") % {"paths": ", ".join(there) or "–"}
    if len(there) < len(GUIDES):
        return warn(says, "docs/installing.md", _("It comes with the source of this version."))
    return ok(says)
