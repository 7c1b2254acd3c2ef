"""Which loggers say more for a while; responders change that."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.models.operator import Level, Operator
from observability.console.access import operator
from observability.console.forms import LogLevelForm
from observability.console.models import LogLevel
from observability.console.verbs import log_level
from tenancy.operators import OPERATORS_ID
from tenancy.views.answers import attempt, attempt_form

# Those that people look into; any other can be named as well.
KNOWN = ("tika", "tika.request", "tika.worker", "tika.beat", "tika.live", "django.request", "django.db.backends")


@operator("viewer")
def index(request: Any) -> HttpResponse:
    return page(request, LogLevelForm())


@operator("responder")
@require_POST
def change(request: Any) -> HttpResponse:
    form = LogLevelForm(request.POST)
    verb = partial(change_to, form, by=request.operator)
    if attempt_form(request, form, verb, _("Changed; every process follows within five seconds.")):
        return redirect("console:log-levels")
    return page(request, form, status=422)


def change_to(form: LogLevelForm, *, by: Operator) -> None:
    wanted = form.cleaned_data
    log_level.set_level(wanted["logger"], wanted["level"], timedelta(minutes=wanted["minutes"]), by=by)


@operator("responder")
@require_POST
def end(request: Any, level_id: UUID) -> HttpResponse:
    attempt(request, partial(log_level.end, level_id, by=request.operator), _("The logger goes back to its own level."))
    return redirect("console:log-levels")


def page(request: Any, form: LogLevelForm, *, status: int = 200) -> HttpResponse:
    mine = LogLevel.objects.filter(tenant_id=OPERATORS_ID, until__gt=timezone.now())
    context = {
        "levels": mine.order_by("logger"),
        "form": form,
        "known": KNOWN,
        "may_change": request.operator.may(Level.RESPONDER),
        "refresh": 10,
    }
    return render(request, "console/log_levels.html", context, status=status)
