"""For a deployment pipeline: exit 0 where the change may be deployed, 10 with a warning, 20 where it must wait."""

import json
import sys
from typing import Any

from django.core.management import BaseCommand, CommandParser
from django.db import OperationalError

from observability.slo.gate import BLOCK, CHANGES, EXIT_CODES
from observability.slo.queries.gate import decision_on
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID


class Command(BaseCommand):
    help = "Asks the error budget whether a change may be deployed. Exit 0: yes; 10: yes, with a warning; 20: no."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--change", required=True, choices=CHANGES)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with tenant_context(OPERATORS_ID):
                found = decision_on(options["change"]).as_json()
        except OperationalError as error:
            # Nobody knows: features wait, and the way back stays open.
            decision = BLOCK if options["change"] == "feature" else "allow"
            found = {"decision": decision, "remaining": None, "slo": "", "reasons": [str(error).strip()]}
        self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        sys.exit(EXIT_CODES[found["decision"]])
