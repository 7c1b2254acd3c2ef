"""What a deployment pipeline says from elsewhere: deploy/pipeline/report.py asks these."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from observability.console.access import operator_api
from observability.console.verbs import pipeline
from observability.console.views.asked import asked
from tenancy.errors import Invalid


@operator_api("responder")
@require_POST
def steps(request: Any) -> HttpResponse:
    """`{"commit", "steps": {"scan": "passed"}}`; answers them."""
    told = asked(request.body, commit=str, steps=dict)
    if not all(isinstance(outcome, str) for outcome in told["steps"].values()):
        raise Invalid.field("steps", _("This field is missing or has another type than it should."))
    pipeline.record_steps(told["commit"], told["steps"])
    return JsonResponse({"commit": told["commit"], "steps": told["steps"]})


@operator_api("responder")
@require_POST
def deployment(request: Any) -> HttpResponse:
    """`{"version", "commit", "result", "by", "run"}`; answers what it is called on the charts."""
    told = asked(request.body, version=str, commit=str, result=str, by=str, run=str)
    name = pipeline.record_deployment(told["version"], told["commit"], told["result"], who=told["by"], run=told["run"])
    return JsonResponse({"name": name, "result": told["result"]})
