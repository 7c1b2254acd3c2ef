"""What would leave this site, byte by byte, and what has; admins send it at once where it is switched on."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from audit.models.operator import Level
from observability.console.access import operator
from observability.console.charts import bars
from observability.console.queries import outside, releases, telemetry
from observability.console.telemetry import sending, switches


@operator("viewer")
def index(request: Any) -> HttpResponse:
    sent = telemetry.sent()
    context = {
        "switches": switches.switches(),
        "is_on": switches.is_on(),
        "destination": switches.destination(),
        "now": telemetry.now(),
        "sent": sent,
        "last": telemetry.last_sent(),
        "days": bars(telemetry.by_day(sent)),
        "look": releases.last_look(),
        "others": outside.others(),
        "may_send": request.operator.may(Level.ADMIN),
    }
    return render(request, "console/telemetry.html", context)


@operator("admin")
@require_POST
def send(request: Any) -> HttpResponse:
    if switches.is_on():
        body, mark = sending.begin()
        transaction.on_commit(lambda: finish(body, mark))
        messages.success(request, _("Sent; what became of it stands below."))
    else:
        messages.error(request, _("Telemetry is off: nothing was sent."))
    return redirect("console:telemetry")


def finish(body: bytes, mark: Any) -> None:
    """After the transaction: a far end that is slow keeps no connection to the database."""
    with suppress(sending.Unsendable):
        sending.finish(body, mark)
