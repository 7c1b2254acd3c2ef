"""What went wrong, grouped by fingerprint, without a Sentry."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render

from observability.console.access import operator
from observability.console.queries.errors import error_groups
from tenancy.errors import NotFound


@operator("viewer")
def index(request: Any) -> HttpResponse:
    context = {"groups": error_groups(), "has_sentry": bool(getattr(settings, "SENTRY_DSN", "")), "refresh": 30}
    return render(request, "console/errors.html", context)


@operator("viewer")
def show(request: Any, group_id: UUID) -> HttpResponse:
    group = error_groups().filter(pk=group_id).first()
    if group is None:
        raise NotFound
    return render(request, "console/error.html", {"group": group, "refresh": 30})
