"""For a deployment pipeline: says what a step came to, so that the doctor knows."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from observability.console.queries.pipeline import NAME, OUTCOMES, STEPS
from observability.console.verbs import marks
from tenancy.context import tenant_context
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
        commit = options["commit"].lower()
        if not commit or len(commit) > 40 or set(commit) - set("0123456789abcdef"):
            raise CommandError(f"{options['commit']!r} is no commit: hexadecimal digits, 40 at most.")
        for step in options["step"]:
            name, _, outcome = step.partition("=")
            if name not in STEPS or outcome not in OUTCOMES:
                raise CommandError(f"{step!r} is no step: {', '.join(STEPS)}; each {' or '.join(OUTCOMES)}.")
        with tenant_context(OPERATORS_ID, actor=operator("record_pipeline")):
            for step in options["step"]:
                marks.record("other", NAME, detail=f"commit={commit} {step}")
        self.stdout.write(f"Noted for {commit[:10]}: {', '.join(options['step'])}.")
