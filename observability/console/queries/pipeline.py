"""What the deployment pipeline has reported (`manage.py record_pipeline`, or by HTTP), step by step."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from observability.console.models import Mark
from tenancy.operators import OPERATORS_ID

NAME = "pipeline"
# Older reports say nothing about today.
LOOKED_AT = timedelta(days=180)
STEPS = (
    "tests", "branch-protection", "deploy-notice", "scan", "dast", "gate", "staging", "image-scan", "terraform-plan",
)  # fmt: skip
OUTCOMES = ("passed", "failed")
# A deployment that did not stay, among the marks.
DEPLOYMENT = "deployment"
SUCCESS = "success"
RESULTS = (SUCCESS, "rolled-back", "failure")
PAIR = re.compile(r"([a-z-]+)=(\S+)")


@dataclass(frozen=True)
class Step:
    outcome: str
    commit: str
    at: datetime

    @property
    def passed(self) -> bool:
        return self.outcome == "passed"


def steps() -> dict[str, Step]:
    """The newest report on each step."""
    since = timezone.now() - LOOKED_AT
    marks = Mark.objects.filter(tenant_id=OPERATORS_ID, kind=Mark.Kind.OTHER, name=NAME, at__gt=since)
    found: dict[str, Step] = {}
    for detail, at in marks.order_by("at").values_list("detail", "at"):
        said = dict(PAIR.findall(detail))
        commit = said.pop("commit", "")
        found |= {step: Step(outcome, commit, at) for step, outcome in said.items() if step in STEPS}
    return found
