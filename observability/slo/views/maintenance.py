"""Announced maintenance, and what is decided about it later."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from audit.models.operator import Level, Operator
from audit.operators import operator
from observability.slo.forms import MaintenanceForm, ReclassificationForm
from observability.slo.models import MaintenanceWindow
from observability.slo.verbs import maintenance
from tenancy.operators import OPERATORS_ID
from tenancy.views.answers import attempt, attempt_form

PAGE = "console:maintenance"
SHOWN = 50


@operator("viewer")
@require_safe
def index(request: Any) -> HttpResponse:
    return page(request, MaintenanceForm())


def page(request: Any, form: MaintenanceForm, *, refused: Any = None, status: int = 200) -> HttpResponse:
    """`refused`: (a window's id, the form that says why it was not reclassified)."""
    rows = MaintenanceWindow.objects.filter(tenant_id=OPERATORS_ID).select_related("created_by", "reclassified_by")
    context = {
        "windows": rows.order_by("-starts_at")[:SHOWN],
        "now": timezone.now(),
        "form": form,
        "refused": refused,
        "may_announce": request.operator.may(Level.RESPONDER),
        "may_manage": request.operator.may(Level.ADMIN),
    }
    return render(request, "slo/maintenance.html", context, status=status)


@operator("responder")
@require_POST
def announce(request: Any) -> HttpResponse:
    form = MaintenanceForm(request.POST)
    if attempt_form(request, form, partial(announce_as, form, by=request.operator), _("Announced.")):
        return redirect(PAGE)
    return page(request, form, status=422)


def announce_as(form: MaintenanceForm, *, by: Operator) -> None:
    maintenance.announce(**form.cleaned_data, by=by)


@operator("responder")
@require_POST
def cancel(request: Any, window_id: UUID) -> HttpResponse:
    attempt(request, partial(maintenance.cancel, window_id, by=request.operator), _("Cancelled."))
    return redirect(PAGE)


@operator("admin")
@require_POST
def reclassify(request: Any, window_id: UUID) -> HttpResponse:
    form = ReclassificationForm(request.POST)
    verb = partial(reclassify_as, form, window_id, by=request.operator)
    if attempt_form(request, form, verb, _("What failed in it costs no budget any more.")):
        return redirect(PAGE)
    return page(request, MaintenanceForm(), refused=(window_id, form), status=422)


def reclassify_as(form: ReclassificationForm, window_id: UUID, *, by: Operator) -> None:
    maintenance.reclassify(window_id, form.cleaned_data["reason"], by=by)
