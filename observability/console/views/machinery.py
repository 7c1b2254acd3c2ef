"""What keeps it running: statements, jobs, processes and connections, sessions, deploys."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from observability.console.access import operator
from observability.console.charts import bars
from observability.console.queries import database, jobs, marks, processes, sessions, statements
from observability.console.spans import SPANS, chosen

ORDERS = ("total", "mean", "longest", "calls")


@operator("viewer")
def slow_statements(request: Any) -> HttpResponse:
    span = chosen(request.GET.get("span", "24h"))
    order = request.GET.get("order", "") if request.GET.get("order", "") in ORDERS else "total"
    found = statements.slowest(span.length, order=order)
    context = {"statements": found, "span": span, "spans": SPANS, "order": order, "refresh": 60}
    return render(request, "console/statements.html", context)


@operator("viewer")
def queue(request: Any) -> HttpResponse:
    context = {"queue": jobs.queue(), "tasks": jobs.tasks(), "jobs": jobs.latest(), "refresh": 10}
    return render(request, "console/jobs.html", context)


@operator("viewer")
def what_runs(request: Any) -> HttpResponse:
    context = {
        "processes": processes.alive(),
        "database": database.database(),
        "held": database.held(),
        "refresh": 10,
    }
    return render(request, "console/processes.html", context)


@operator("viewer")
def signed_in(request: Any) -> HttpResponse:
    context = {"sessions": sessions.sessions(), "days": bars(sessions.by_day()), "refresh": 60}
    return render(request, "console/sessions.html", context)


@operator("viewer")
def deploys(request: Any) -> HttpResponse:
    return render(request, "console/deploys.html", {"marks": marks.latest(100)})
