"""Announced maintenance, and what is decided about it later."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit.models.operator import Level
from audit.operators import operator
from observability.slo.forms import MaintenanceForm
from observability.slo.models import MaintenanceWindow
from observability.slo.verbs import maintenance
from tenancy.operators import OPERATORS_ID
from tenancy.views.answers import attempt

PAGE = "console:maintenance"
SHOWN = 50


@operator("viewer")
@require_safe
def index(request: Any) -> HttpResponse:
    rows = MaintenanceWindow.objects.filter(tenant_id=OPERATORS_ID).select_related("created_by", "reclassified_by")
    context = {
        "windows": rows.order_by("-starts_at")[:SHOWN],
        "now": timezone.now(),
        "form": MaintenanceForm(),
        "may_announce": request.operator.may(Level.RESPONDER),
        "may_manage": request.operator.may(Level.ADMIN),
    }
    return render(request, "slo/maintenance.html", context)


@operator("responder")
@require_POST
def announce(request: Any) -> HttpResponse:
    form = MaintenanceForm(request.POST)
    if form.is_valid():
        attempt(request, partial(maintenance.announce, **form.cleaned_data, by=request.operator), _("Announced."))
    return redirect(PAGE)


@operator("responder")
@require_POST
def cancel(request: Any, window_id: UUID) -> HttpResponse:
    attempt(request, partial(maintenance.cancel, window_id, by=request.operator), _("Cancelled."))
    return redirect(PAGE)


@operator("admin")
@require_POST
def reclassify(request: Any, window_id: UUID) -> HttpResponse:
    reason = request.POST.get("reason", "")
    verb = partial(maintenance.reclassify, window_id, reason, by=request.operator)
    attempt(request, verb, _("What failed in it costs no budget any more."))
    return redirect(PAGE)
