"""The first page: how the installation is doing."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from observability.console.access import operator


@operator("viewer")
def show(request: Any) -> HttpResponse:
    return render(request, "console/overview.html")
