from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "observability.console"
    label = "console"
