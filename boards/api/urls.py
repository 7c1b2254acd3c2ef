"""Gathers the routers and documents them."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path

from audit.access import allow_anonymous
from boards.api import attachments, boards, columns, comments, people, tickets
from boards.api.root import api
from observability.health import readyz

for module in (boards, columns, tickets, comments, attachments, people):
    api.add_router("", module.router)


def schema() -> dict[str, Any]:
    return dict(api.get_openapi_schema(path_prefix="/api/"))


@allow_anonymous
def openapi(request: HttpRequest) -> JsonResponse:
    return JsonResponse(schema(), json_dumps_params={"ensure_ascii": False})


@allow_anonymous
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "boards/api_docs.html", {"schema": schema()})


urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    path("docs", docs, name="api-docs"),
    path("health", allow_anonymous(readyz), name="health"),
    path("", api.urls),
]
