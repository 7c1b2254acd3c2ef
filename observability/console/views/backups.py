"""What is backed up and whether it can be restored; responders start either."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from audit.models.operator import Level
from backups.verbs import backups, drills
from observability.console.access import operator
from observability.console.charts import bars
from observability.console.queries import backups as queries
from tenancy.views.answers import attempt

ASKED = gettext_lazy("Asked for; the backup process begins within seconds.")


@operator("viewer")
def index(request: Any) -> HttpResponse:
    context = {
        "standing": queries.standing(),
        "backups": queries.backups(),
        "drills": list(queries.drills()[: queries.SHOWN]),
        "days": bars(queries.sizes()),
        "rpo": queries.RPO,
        "rto": queries.RTO,
        "may_start": request.operator.may(Level.RESPONDER),
        "refresh": 10,
    }
    return render(request, "console/backups.html", context)


@operator("responder")
@require_POST
def ask(request: Any) -> HttpResponse:
    attempt(request, partial(backups.ask, by=request.operator), str(ASKED))
    return redirect("console:backups")


@operator("responder")
@require_POST
def ask_drill(request: Any) -> HttpResponse:
    attempt(request, partial(drills.ask, by=request.operator), str(ASKED))
    return redirect("console:backups")
