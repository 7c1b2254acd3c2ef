"""For bin/upgrade: a step stands on the console's charts and in the operators' log."""

from typing import Any

from django.core.management import BaseCommand, CommandParser

from observability.console.models import Mark
from observability.console.verbs import marks
from tenancy.context import tenant_context
from tenancy.management.owners import operator
from tenancy.operators import OPERATORS_ID


class Command(BaseCommand):
    help = "Writes a step of an upgrade down (bin/upgrade does)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True)
        parser.add_argument("--detail", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        with tenant_context(OPERATORS_ID, actor=operator("note_upgrade")):
            marks.record(Mark.Kind.OTHER, options["name"], detail=options["detail"])
