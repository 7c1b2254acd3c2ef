"""What the guide demands and Tika has no part for yet. A part that is built registers its check under the same key, in
a `doctor.py` of its own, and the announcement here gives way."""

from django.utils.translation import gettext_lazy as _

from observability.doctor.registry import announce
from observability.doctor.stages import Stage

announce(
    "alerting.receiver",
    Stage.TEAM,
    _("Alerts reach a person"),
    _("Who is told when an alert fires."),
    remedy="docker compose -f docker-compose.observability.yml --profile observability up -d",
    advice=_("Meanwhile Alertmanager sends them: name a receiver in deploy/alertmanager/alertmanager.yml."),
)
announce(
    "oncall.staffed",
    Stage.SAAS,
    _("Somebody is on call"),
    _("The rota: is every hour of the next week covered?"),
    remedy="deploy/alertmanager/alertmanager.yml",
    advice=_("Meanwhile keep the rota in a tool of your own, and let Alertmanager page it."),
)
announce(
    "flags.system",
    Stage.SAAS,
    _("Features can be switched without a deploy"),
    _("The feature flags, and which of them are old."),
    remedy="git revert",
    advice=_("Meanwhile roll back by deploying the version before."),
)
announce(
    "usage.metering",
    Stage.SAAS,
    _("The use of each workspace is counted"),
    _("The counts by workspace, and whether they add up."),
    remedy="bin/manage cost",
    advice=_("Meanwhile `cost` says what the whole installation uses."),
)
announce(
    "privacy.erasure",
    Stage.ENTERPRISE,
    _("A person’s data can be erased and handed out"),
    _("Requests for erasure and export, and their deadlines."),
    remedy="docs/operating.md",
    advice=_("Meanwhile remove the person from their workspaces, and answer requests by hand."),
)
announce(
    "compliance.checklist",
    Stage.ENTERPRISE,
    _("The compliance checklist is done"),
    _("SOC 2, ISO 27001 and GDPR: the points of the guide, with their proof."),
    remedy="docs/doctor.md",
    advice=_("Meanwhile go through the guide’s table (section 9.2) by hand; the checks here are part of its proof."),
)
