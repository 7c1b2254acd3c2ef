"""For a deployment pipeline: puts a mark on the console's charts."""

from typing import Any

from django.core.management import BaseCommand, CommandParser

from observability.console.verbs import marks
from observability.console.version import running
from tenancy.context import tenant_context
from tenancy.management.owners import operator
from tenancy.operators import OPERATORS_ID


class Command(BaseCommand):
    help = "Marks a deploy on the console's charts. A version that is there already is not marked twice in a row."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", default="", help="the version; by default what runs here")
        parser.add_argument("--detail", default="", help="a sentence, a link to the change")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"] or running()
        with tenant_context(OPERATORS_ID, actor=operator("record_deploy")):
            is_new = marks.record_deploy(name, detail=options["detail"])
        self.stdout.write(f"Deploy of {name} marked." if is_new else f"{name} was marked already.")
