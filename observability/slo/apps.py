from django.apps import AppConfig


class SloConfig(AppConfig):
    name = "observability.slo"
    label = "slo"
