"""Makes a personal token for the API and prints it, and nothing else, on stdout."""

from argparse import ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.core.management import BaseCommand, CommandParser

from tenancy.context import tenant_context
from tenancy.management.owners import member_named, operator
from tenancy.models.token import Scope
from tenancy.verbs import tokens

TEN_YEARS = 3650


class Command(BaseCommand):
    help = "Makes a token that speaks for a member of one workspace."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--scopes", type=widest, default=Scope.READ, help="read (by default) or write")
        parser.add_argument("--name", default="create_token")
        parser.add_argument("--expires-days", type=days, default=90, help="90 by default; 0 for never")

    def handle(self, *args: Any, **options: Any) -> None:
        member = member_named(options["email"], options["workspace"])
        good_for = timedelta(days=options["expires_days"]) or None
        with tenant_context(member.tenant_id, actor=operator("create_token")):
            _token, secret = tokens.create(options["name"][:100], scope=options["scopes"], good_for=good_for, by=member)
        self.stdout.write(secret)


def widest(text: str) -> Scope:
    """Of "read", "write" or "read,write"."""
    named = {word.strip() for word in text.split(",")}
    if not named <= set(Scope.values):
        raise ArgumentTypeError("read or write")
    return Scope.WRITE if Scope.WRITE in named else Scope.READ


def days(text: str) -> int:
    number = int(text)
    if not 0 <= number <= TEN_YEARS:
        raise ArgumentTypeError(f"between 0 and {TEN_YEARS}")
    return number
