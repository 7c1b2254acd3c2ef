from django.apps import AppConfig


class TikaConfig(AppConfig):
    name = "tika"
