from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class SloConfig(AppConfig):
    name = "observability.slo"
    label = "slo"

    def ready(self) -> None:
        from observability.beat import beat
        from observability.middleware import observers
        from observability.slo import doctor, flush  # noqa: F401 - the first registers its checks
        from observability.slo.objective import objectives
        from observability.slo.observe import observe
        from observability.slo.toml_lines import Refused

        try:
            objectives()
        except (Refused, OSError) as refused:
            raise ImproperlyConfigured(f"Tika does not start: {refused}") from refused
        if settings.INDICATORS:
            observers.append(observe)
            beat.add("service level counts", flush.EVERY, flush.flush, at_end=True)
