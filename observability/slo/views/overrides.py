"""The gate as people see it, and the two of them who may set it aside."""

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
from observability.slo.forms import OverrideForm
from observability.slo.gate import CHANGES
from observability.slo.models import Override
from observability.slo.queries.gate import decision_on
from observability.slo.verbs import overrides
from tenancy.operators import OPERATORS_ID
from tenancy.views.answers import attempt, attempt_form

PAGE = "console:gate"
SHOWN = 50


@operator("viewer")
@require_safe
def index(request: Any) -> HttpResponse:
    return page(request, OverrideForm())


def page(request: Any, form: OverrideForm, *, status: int = 200) -> HttpResponse:
    rows = Override.objects.filter(tenant_id=OPERATORS_ID).select_related("created_by")
    context = {
        "decisions": [(change, decision_on(change)) for change in CHANGES[:2]],
        "overrides": rows.prefetch_related("approvals__created_by").order_by("-created_at")[:SHOWN],
        "now": timezone.now(),
        "form": form,
        "may_manage": request.operator.may(Level.ADMIN),
    }
    return render(request, "slo/gate.html", context, status=status)


@operator("admin")
@require_POST
def ask(request: Any) -> HttpResponse:
    form = OverrideForm(request.POST)
    verb = partial(ask_for, form, by=request.operator)
    if attempt_form(request, form, verb, _("Asked. Another administrator has to approve it.")):
        return redirect(PAGE)
    return page(request, form, status=422)


def ask_for(form: OverrideForm, *, by: Operator) -> None:
    overrides.ask(form.cleaned_data["reason"], form.ends_at, by=by)


@operator("admin")
@require_POST
def approve(request: Any, override_id: UUID) -> HttpResponse:
    attempt(request, partial(overrides.approve, override_id, by=request.operator), _("Features pass until it ends."))
    return redirect(PAGE)


@operator("admin")
@require_POST
def withdraw(request: Any, override_id: UUID) -> HttpResponse:
    attempt(request, partial(overrides.withdraw, override_id, by=request.operator), _("The override has ended."))
    return redirect(PAGE)
