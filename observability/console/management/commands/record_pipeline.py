"""For a deployment pipeline: says what a step came to, so that the doctor knows."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from observability.console.queries.pipeline import OUTCOMES, STEPS
from observability.console.verbs import pipeline
from tenancy.context import tenant_context
from tenancy.errors import Invalid
from tenancy.management.owners import operator
from tenancy.operators import OPERATORS_ID


class Command(BaseCommand):
    help = "Notes what steps of the pipeline came to, for `manage.py doctor`; a mark on the console's charts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--commit", required=True, help="what was tested, as 40 hexadecimal digits or fewer")
        parser.add_argument(
            "--step",
            action="append",
            required=True,
            metavar="NAME=OUTCOME",
            help=f"one of {', '.join(STEPS)}; {' or '.join(OUTCOMES)}; may be given more than once",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        pairs = [step.partition("=") for step in options["step"]]
        steps = {name: outcome for name, _, outcome in pairs}
        with tenant_context(OPERATORS_ID, actor=operator("record_pipeline")):
            try:
                pipeline.record_steps(options["commit"], steps)
            except Invalid as refusal:
                raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Noted for {options['commit'][:10]}: {', '.join(options['step'])}.")
