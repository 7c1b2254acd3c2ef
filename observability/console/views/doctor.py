"""What the installation lacks for the stage it is at, and for the next."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from observability.console.access import operator
from observability.console.queries.doctor import recent_report


@operator("viewer")
def show(request: Any) -> HttpResponse:
    return render(request, "console/doctor.html", {"report": recent_report(get_language() or "en"), "refresh": 60})
