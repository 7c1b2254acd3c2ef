"""The objectives: what is left of each budget and how it got there."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from observability.console.access import operator
from observability.console.pictures import burn_down_chart
from observability.console.queries import marks
from observability.console.queries.objectives import burn_downs, shown
from observability.slo.objective import objectives
from observability.slo.queries.gate import decision_on


@operator("viewer")
def index(request: Any) -> HttpResponse:
    found, known = shown(), objectives()
    steps = burn_downs(known.all)
    happened = list(marks.since(min(one[0].begin for one in steps.values())))
    context = {
        "standings": [(one, burn_down_chart(one, steps[one.objective.name], happened)) for one in found],
        "policy": known.policy,
        "gate": decision_on("feature"),
        "refresh": 60,
    }
    return render(request, "console/slos.html", context)
