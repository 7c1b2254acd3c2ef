"""How fast each route answers: by the route and time, and of one route by the duration."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from observability.console.access import operator
from observability.console.heat import heat_map, strips
from observability.console.pictures import latency_chart, requests_chart
from observability.console.queries import marks, traffic
from observability.console.spans import SPANS, chosen
from observability.slo.queries.sums import database_now
from tenancy.errors import NotFound

LONGEST = 255


@operator("viewer")
def index(request: Any) -> HttpResponse:
    span = chosen(request.GET.get("span", ""))
    begin, end = span.until(database_now())
    routes = traffic.by_route_and_time(span, begin, end)
    context = {"span": span, "spans": SPANS, "routes": strips(routes, span, begin), "refresh": span.refresh}
    return render(request, "console/routes.html", context)


@operator("viewer")
def show(request: Any) -> HttpResponse:
    span = chosen(request.GET.get("span", ""))
    begin, end = span.until(database_now())
    method, route = request.GET.get("method", "")[:8], request.GET.get("route", "")[:LONGEST].replace("\x00", "")
    if not route:
        raise NotFound
    answers = traffic.by_time(span, begin, end, route=route, method=method)
    happened = list(marks.between(begin, end))
    context = {
        "span": span,
        "spans": SPANS,
        "method": method,
        "route": route,
        "heat": heat_map(answers, span, begin),
        "charts": [requests_chart(span, begin, answers, happened), latency_chart(span, begin, answers, happened)],
        "refresh": span.refresh,
    }
    return render(request, "console/route.html", context)
