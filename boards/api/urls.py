"""Gathers the routers and documents them."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from audit.access import allow_anonymous
from boards.api import attachments, boards, checklists, columns, comments, people, search, tickets
from boards.api.document import document
from boards.api.reference import shown, subjects
from boards.api.root import api
from observability.health import readyz

for module in (boards, columns, tickets, comments, checklists, attachments, people, search):
    api.add_router("", module.router)


@csrf_exempt
@require_safe
@allow_anonymous
def openapi(request: HttpRequest) -> JsonResponse:
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})


@csrf_exempt
@require_safe
@allow_anonymous
def docs(request: HttpRequest) -> HttpResponse:
    """The document as a page."""
    made = document()
    refusal = shown(made["components"]["responses"]["NotFound"]["content"]["application/json"])
    context = {"subjects": subjects(made), "refusal": refusal, "base_url": settings.BASE_URL}
    return render(request, "boards/api_docs.html", context)


urlpatterns = [
    path("openapi.json", openapi, name="openapi"),
    path("docs", docs, name="api-docs"),
    path("health", csrf_exempt(require_safe(allow_anonymous(readyz))), name="health"),
    path("", api.urls),
]
