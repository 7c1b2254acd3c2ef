"""The first page: how the installation is doing."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from observability.console.access import operator
from observability.console.health import worst
from observability.console.pictures import latency_chart, requests_chart
from observability.console.queries import marks, statements, traffic
from observability.console.queries.components import components
from observability.console.queries.database import database
from observability.console.queries.errors import error_groups
from observability.console.queries.jobs import queue
from observability.console.queries.objectives import shown
from observability.console.queries.sessions import sessions
from observability.console.spans import DAY, SPANS, chosen
from observability.slo.objective import objectives
from observability.slo.queries.sums import database_now

TOP = 6


@operator("viewer")
def show(request: Any) -> HttpResponse:
    span, now = chosen(request.GET.get("span", "")), database_now()
    begin, end = span.until(now)
    answers = traffic.by_time(span, begin, end)
    happened = list(marks.between(begin, end))
    objectives_now = shown()
    parts = components(objectives_now)
    context = {
        "span": span,
        "spans": SPANS,
        "now": now,
        "components": parts,
        "overall": worst(parts),
        "standings": objectives_now,
        "charts": [requests_chart(span, begin, answers, happened), latency_chart(span, begin, answers, happened)],
        "routes": traffic.by_route(begin, end)[:TOP],
        "statements": statements.slowest(DAY, limit=TOP),
        "errors": error_groups()[:TOP],
        "queue": queue(),
        "database": database(),
        "sessions": sessions(),
        "marks": marks.latest(TOP),
        "policy": objectives().policy,
        "refresh": span.refresh,
    }
    return render(request, "console/overview.html", context)
