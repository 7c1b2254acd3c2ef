"""`manage.py first_workspace`: for an installer, before strangers can reach an empty installation."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction

from audit.models.operator import Level
from audit.verbs import operators
from tenancy.context import tenant_context
from tenancy.errors import Refusal
from tenancy.management.owners import find_or_create, operator, sentence
from tenancy.operators import OPERATORS_ID
from tenancy.verbs import workspaces


class Command(BaseCommand):
    help = "Makes the first workspace, its owner, and the owner an operator; where there is one already, nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", default="Team")

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tenancy_is_empty()")
            is_empty = bool(cursor.fetchone()[0])
        if not is_empty:
            self.stdout.write(f"Sign in: as before (password forgotten? tika changepassword {options['email']})")
            return
        try:
            with transaction.atomic():
                user, made_up = find_or_create(options["email"])
                workspaces.create(options["name"], "", by=user, actor=operator("first_workspace"))
            with tenant_context(OPERATORS_ID, actor=operator("first_workspace")):
                operators.grant(user, Level.ADMIN, by=None)
        except Refusal as refusal:
            raise sentence(refusal) from refusal
        self.stdout.write(f"Sign in: {user.email}, password: {made_up}   (shown this once)")
