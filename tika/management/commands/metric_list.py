"""`manage.py metric_list`: every metric, as docs/metrics.md has it."""

from typing import Any

from django.core.management.base import BaseCommand

from observability.metrics.rendered import markdown


class Command(BaseCommand):
    help = "Prints the catalogue of metrics, as docs/metrics.md has it."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(markdown(), ending="")
