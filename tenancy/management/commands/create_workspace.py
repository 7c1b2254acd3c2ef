"""Makes a workspace and, if need be, its owner's account."""

from typing import Any

from django.core.management import BaseCommand, CommandParser
from django.db import transaction

from tenancy.errors import Refusal
from tenancy.management.owners import find_or_create, operator, sentence
from tenancy.verbs import workspaces


class Command(BaseCommand):
    help = "Makes a workspace. An owner without an account gets one, with a password that is printed once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True)
        parser.add_argument("--slug", default="", help="its address; made from the name if not given")
        parser.add_argument("--owner", required=True, metavar="EMAIL")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with transaction.atomic():
                user, made_up = find_or_create(options["owner"])
                member = workspaces.create(
                    options["name"], options["slug"], by=user, actor=operator("create_workspace")
                )
        except Refusal as refusal:
            raise sentence(refusal) from refusal
        self.stdout.write(f"Workspace {member.tenant_slug} ({member.tenant_name}), owner {user.email}")
        if made_up:
            self.stdout.write(f"Password of {user.email}: {made_up}   (shown this once)")
