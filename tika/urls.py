"""Every address: the API, the console, pages outside a workspace, then a workspace's pages under its slug."""

from django.urls import include, path

from audit.access import allow_anonymous
from observability.console.records import records
from observability.health import livez, readyz, startupz
from observability.slo.views import beacon

handler400 = "tika.error_pages.bad_request"
handler403 = "tika.error_pages.forbidden"
handler404 = "tika.error_pages.not_found"
handler429 = "tika.error_pages.too_many"  # django-allauth's limits
handler500 = "tika.error_pages.server_error"

urlpatterns = [
    path("livez", allow_anonymous(livez), name="livez"),
    path("readyz", allow_anonymous(readyz), name="readyz"),
    path("beacon", beacon.tell, name="beacon"),
    path("startupz", allow_anonymous(startupz), name="startupz"),
    path("api/", include("boards.api.urls")),
    path("accounts/", include("tika.account_urls")),
    # Django's admin finds its own pages from the root only.
    path("ops/records/", records.urls),
    path("ops/", include("observability.console.urls")),
    path("", include("tika.tenancy_urls")),
    path("<slug:workspace>/service-level/", include("observability.slo.page_urls")),
    path("<slug:workspace>/", include("boards.page_urls")),
]
