"""Shows what would leave this site, byte for byte, and where it would go."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from observability.console.telemetry.payload import payload
from observability.console.telemetry.sending import Unsendable, send
from observability.console.telemetry.switches import destination, is_on
from tenancy.context import tenant_context
from tenancy.operators import OPERATORS_ID


class Command(BaseCommand):
    help = "Telemetry is off unless TIKA_TELEMETRY=on. Shows the exact bytes that would be sent, or sends them now."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        wanted = parser.add_mutually_exclusive_group(required=True)
        wanted.add_argument("--show", action="store_true", help="print what would be sent, and send nothing")
        wanted.add_argument("--send", action="store_true", help="send it now, where it is switched on")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["send"]:
            try:
                self.stdout.write(send().decode("ascii"))
            except Unsendable as error:
                raise CommandError(str(error)) from error
            return
        with tenant_context(OPERATORS_ID):
            self.stdout.write(payload().decode("ascii"))
        where = destination() or "no address"
        self.stderr.write(f"It is {'on: once a day it goes' if is_on() else 'off: nothing goes'} to {where}.")
