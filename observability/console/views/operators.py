"""Who looks after the installation; administrators give and take it."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.models.operator import Level, Operator
from audit.verbs import operators
from observability.console.access import operator
from observability.console.forms import GrantForm
from tenancy.operators import OPERATORS_ID
from tenancy.views.answers import attempt, attempt_form


@operator("viewer")
def index(request: Any) -> HttpResponse:
    return page(request, GrantForm())


def page(request: Any, form: GrantForm, *, status: int = 200) -> HttpResponse:
    rows = Operator.objects.filter(tenant_id=OPERATORS_ID, revoked_at=None)
    context = {
        "people": rows.select_related("user", "granted_by").order_by("user__name", "user__email"),
        "levels": Level.choices,
        "may_manage": request.operator.may(Level.ADMIN),
        "form": form,
    }
    return render(request, "console/operators.html", context, status=status)


@operator("admin")
@require_POST
def grant(request: Any) -> HttpResponse:
    form = GrantForm(request.POST)
    if attempt_form(request, form, partial(grant_to, form, by=request.operator), _("The person is an operator.")):
        return redirect("console:operators")
    return page(request, form, status=422)


def grant_to(form: GrantForm, *, by: Operator) -> None:
    wanted = form.cleaned_data
    operators.grant(operators.find_person(wanted["email"]), wanted["level"], by=by)


@operator("admin")
@require_POST
def revoke(request: Any, operator_id: UUID) -> HttpResponse:
    attempt(request, partial(operators.revoke, operator_id, by=request.operator), _("The grant is taken back."))
    return redirect("console:operators")
