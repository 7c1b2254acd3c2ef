"""The objectives: what is left of each budget and how it got there."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from observability.console.access import operator
from observability.console.pictures import burn_down_chart
from observability.console.queries import marks
from observability.console.queries.objectives import Standing, burn_down, standings
from observability.slo.objective import objectives


@operator("viewer")
def index(request: Any) -> HttpResponse:
    found = standings()
    context = {
        "standings": [(standing, chart_of(standing)) for standing in found],
        "policy": objectives().policy,
        "refresh": 60,
    }
    return render(request, "console/slos.html", context)


def chart_of(standing: Standing) -> Any:
    steps = burn_down(standing.objective)
    return burn_down_chart(standing, steps, list(marks.between(steps[0].begin, steps[-1].begin)))
