"""What a workspace's administrators see of how it is served: the last thirty days, and each month as a report."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audit.access import allow
from observability.slo.pictures import picture_of
from observability.slo.queries.agreement import Month, month_of, months_of, parse_month
from observability.slo.queries.own import own_service_level
from tenancy.errors import Invalid, NotFound


@allow("settings:manage")
@require_safe
def index(request: Any) -> HttpResponse:
    tenant_id = request.member.tenant_id
    context = {"objectives": own_service_level(tenant_id), "months": months_of(tenant_id)}
    return render(request, "slo/service_level.html", context)


@allow("settings:manage")
@require_safe
def report(request: Any) -> HttpResponse:
    month = asked_for(request)
    picture = picture_of(month.days, month.target, month.first, (month.after - month.first).days)
    return render(request, "slo/report.html", {"month": month, "picture": picture})


@allow("settings:manage")
@require_safe
def report_pdf(request: Any) -> HttpResponse:
    # Drawing takes memory that most processes never need.
    from observability.slo.report import report_of

    month = asked_for(request)
    name = f"service-level-{request.member.tenant_slug}-{month.first:%Y-%m}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-cache"}
    return HttpResponse(report_of(month, request.member.tenant_name), content_type="application/pdf", headers=headers)


def asked_for(request: Any) -> Month:
    """Raises NotFound for what is no month."""
    try:
        return month_of(request.member.tenant_id, parse_month(request.GET.get("month", "")))
    except Invalid as refusal:
        raise NotFound from refusal
