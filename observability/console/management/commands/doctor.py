"""What the installation lacks: for a person, or with --json for a machine."""

import json
import sys
from typing import Any, NoReturn

from django.core.management import BaseCommand, CommandParser
from django.db import DatabaseError
from django.utils import translation

from observability.console.queries.doctor import report
from observability.console.version import running
from observability.doctor.check import State
from observability.doctor.lines import lines
from observability.doctor.report import EXIT_CODES
from observability.doctor.stages import Stage
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID


class Command(BaseCommand):
    help = (
        "Looks at the installation: what each of the four stages asks for, with evidence and the command that mends it."
        " Exit 0: all in order; 10: something is worth a look, or not known; 20: something is missing; in the stages up"
        " to --stage, or, without it, up to the one the installation is used as."
    )
    # A broken setting is what it is asked about.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the report as JSON and nothing else")
        parser.add_argument("--stage", type=int, choices=[*map(int, Stage)], help="checks up to this stage")
        parser.add_argument("--language", choices=["en", "ko"], default="en")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = Stage(options["stage"]) if options["stage"] else None
        shown = wanted or Stage.ENTERPRISE
        with translation.override(options["language"]):
            try:
                with tenant_context(OPERATORS_ID):
                    found = report()
            except DatabaseError as error:
                self.give_up(error, as_json=options["json"])
            code = found.exit_code(wanted or found.used_as)
            if options["json"]:
                told = {**found.as_json(shown), "exit_code": code}
                self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            else:
                self.stdout.write("\n".join(lines(found, shown)))
        sys.exit(code)

    def give_up(self, error: DatabaseError, *, as_json: bool) -> NoReturn:
        """Without the database nothing is known of the rest."""
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        code = EXIT_CODES[State.FAIL]
        if as_json:
            self.stdout.write(json.dumps({"version": running(), "error": reason, "exit_code": code}, indent=2))
        else:
            self.stderr.write(f"The database does not answer: {reason}")
        sys.exit(code)
