"""A workspace's own service level, below `/<workspace>/service-level/`."""

from django.urls import path

from observability.slo.views import service_level

app_name = "slo"
urlpatterns = [
    path("", service_level.index, name="service-level"),
    path("report", service_level.report, name="report"),
    path("report.pdf", service_level.report_pdf, name="report-pdf"),
]
