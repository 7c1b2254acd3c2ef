"""Takes the console and the operators' workspace away from somebody."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from audit.models.operator import Operator
from audit.verbs import operators
from tenancy.context import tenant_context
from tenancy.management.owners import operator
from tenancy.operators import OPERATORS_ID


class Command(BaseCommand):
    help = "Takes a person's grant away, whatever its level; it is over with their next request."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        with tenant_context(OPERATORS_ID, actor=operator("revoke_operator")):
            found = Operator.objects.filter(tenant_id=OPERATORS_ID, user__email=email, revoked_at=None).first()
            if found is None:
                raise CommandError(f"{email} is no operator.")
            operators.revoke(found.pk, by=None)
        self.stdout.write(f"{email} is no operator any more.")
