"""Makes an account; prints the password it made up."""

import secrets
from typing import Any

from django.core.management import BaseCommand, CommandParser

from tenancy.errors import Refusal
from tenancy.management.owners import sentence
from tenancy.verbs import users


class Command(BaseCommand):
    help = "Makes an account. Without --password one is made up and printed once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", default="")
        parser.add_argument("--password")

    def handle(self, *args: Any, **options: Any) -> None:
        made_up = "" if options["password"] else secrets.token_urlsafe(12)
        try:
            user = users.create(options["email"], name=options["name"], password=options["password"] or made_up)
        except Refusal as refusal:
            raise sentence(refusal) from refusal
        self.stdout.write(f"Account {user.email}" + (f", password: {made_up}   (shown this once)" if made_up else ""))
