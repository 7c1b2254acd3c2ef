"""Makes the first workspace, with a board that shows newcomers around."""

import os
from typing import Any

from django.core.management import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from boards.demo.building import build
from tenancy.context import Actor, tell
from tenancy.errors import Refusal
from tenancy.management.owners import find_or_create, operator, sentence
from tenancy.verbs import workspaces


class Command(BaseCommand):
    help = "Makes a workspace with a demo board and its owner. Does nothing where the workspace is there already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument(
            "--password",
            default=os.environ.get("TIKA_ADMIN_PASSWORD"),
            help="of a new account; else TIKA_ADMIN_PASSWORD, else made up and printed once",
        )
        parser.add_argument("--slug", default="demo")
        parser.add_argument("--name", default="Demo")

    def handle(self, *args: Any, **options: Any) -> None:
        if workspaces.id_of(options["slug"]) is not None:
            self.stdout.write(f"There is a workspace {options['slug']!r} already.")
            return
        try:
            with transaction.atomic():
                made_up = self.seed(options)
        except Refusal as refusal:
            raise sentence(refusal) from refusal
        if made_up:
            self.stdout.write(f"Password of {options['email']}: {made_up}   (shown this once)")

    def seed(self, options: dict[str, Any]) -> str:
        """The password that was made up, or ""."""
        user, made_up = find_or_create(options["email"], password=options["password"])
        owner = workspaces.create(options["name"], options["slug"], by=user, actor=operator("seed_demo"))
        tell(owner.tenant_id, actor=Actor("user", str(owner.id)))
        board = build(owner, today=timezone.localdate())
        self.stdout.write(f"Workspace {owner.tenant_slug} with the board {board.key}, owner {user.email}")
        return made_up
