"""Makes an account; prints the password it made up."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from tenancy.errors import Refusal
from tenancy.management.owners import find_or_create, sentence


class Command(BaseCommand):
    help = "Makes an account. Without --password one is made up and printed once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", default="")
        parser.add_argument("--password")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user, made_up = find_or_create(options["email"], name=options["name"], password=options["password"])
        except Refusal as refusal:
            raise sentence(refusal) from refusal
        if not made_up and not options["password"]:
            raise CommandError(f"{user.email} has an account already.")
        self.stdout.write(f"Account {user.email}" + (f", password: {made_up}   (shown this once)" if made_up else ""))
