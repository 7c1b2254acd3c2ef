"""All workspaces' months against the contract, for the operators: numbers, and nobody's content."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.operators import operator
from observability.slo.objective import objectives
from observability.slo.queries.agreement import everybodys, month_of, parse_month, this_month
from tenancy.errors import Invalid
from tenancy.operators import OPERATORS_ID


@operator("viewer")
@require_safe
def index(request: Any) -> HttpResponse:
    try:
        first = parse_month(request.GET.get("month") or f"{this_month():%Y-%m}")
    except Invalid:
        first = this_month()
    context = {
        "month": month_of(OPERATORS_ID, first),
        "workspaces": everybodys(first),
        "agreement": objectives().agreement,
        "baseline": objectives().baseline,
    }
    return render(request, "slo/agreements.html", context)
