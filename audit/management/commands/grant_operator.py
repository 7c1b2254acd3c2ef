"""Lets somebody look after the installation: the console at /ops/ and the operators' workspace."""

from typing import Any

from django.core.management import BaseCommand, CommandParser

from audit.models.operator import Level
from audit.verbs import operators
from tenancy.context import tenant_context
from tenancy.errors import Refusal
from tenancy.management.owners import operator, sentence
from tenancy.operators import OPERATORS_ID


class Command(BaseCommand):
    help = "Gives a person the operators' console, or another level in it. The person needs an account."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--level", required=True, choices=Level.values, help="each may what the one before may")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with tenant_context(OPERATORS_ID, actor=operator("grant_operator")):
                user = operators.find_person(options["email"])
                operators.grant(user, options["level"], by=None)
        except Refusal as refusal:
            raise sentence(refusal) from refusal
        self.stdout.write(f"{user.email} is an operator now, level {options['level']}: /ops/")
