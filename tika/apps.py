from django.apps import AppConfig


class TikaConfig(AppConfig):
    name = "tika"

    def ready(self) -> None:
        from django.conf import settings

        from observability import errors
        from observability.beat import beat
        from observability.logs import news
        from tika import doctor  # noqa: F401 - registers its checks

        errors.start(dsn=settings.SENTRY_DSN, release=settings.VERSION, environment=settings.LOGGING["env"])
        beat.add("log levels", news.EVERY, news.look)
