"""Writes the rules that Prometheus, Sloth and OpenSLO read from the one file of objectives."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandParser

from observability.slo.objective import objectives
from observability.slo.rules.files import generated


class Command(BaseCommand):
    help = "Generates Prometheus rules, a Sloth spec and OpenSLO documents from the objectives."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--into", type=Path, default=settings.ROOT, help="the folder that holds deploy/")

    def handle(self, *args: Any, **options: Any) -> None:
        for path, text in generated(objectives()).items():
            target = options["into"] / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
            self.stdout.write(str(path))
