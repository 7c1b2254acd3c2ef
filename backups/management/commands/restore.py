"""`manage.py restore`: one workspace, one board, or everything into an empty database. bin/restore says how."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from backups.config import Config, configured
from backups.management.commands.backup import target
from backups.restore import board, replacing, workspace
from backups.restore.chain import words
from backups.restore.moment import moment
from backups.restore.source import installation_at
from backups.restore.whole import into_database
from backups.restore.workspace import Brought
from backups.sentences import Stopped
from backups.verbs.backups import one_at_a_time
from tenancy.errors import Refusal
from tenancy.management.owners import operator, sentence


class Command(BaseCommand):
    help = "Brings back one workspace or one board as of a time, beside what is there; or all into an empty database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", default="", help="its address, for example acme")
        parser.add_argument("--board", default="", help="its key, for example OPS; with --workspace")
        parser.add_argument("--at", default="", help="2026-11-26T14:30Z, '20 min ago'; the newest where it is left out")
        parser.add_argument("--replace", action="store_true", help="puts the workspace back in its own place")
        parser.add_argument("--yes", action="store_true", help="does not ask before --replace")
        parser.add_argument("--database", action="store_true", help="all, into the empty database of DATABASE_URL")
        parser.add_argument("--from", default="", help="a folder or s3://bucket/prefix")
        parser.add_argument("--key", default="", help="the file of the key")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            told = {"TIKA_BACKUP_KEY_FILE": options["key"]} if options["key"] else {}
            config = configured({**configured().environ, **target(options["from"]), **told})
            self.restore(config, options)
        except Stopped as error:
            raise CommandError(str(error)) from error
        except Refusal as error:
            raise sentence(error) from error

    def restore(self, config: Config, options: dict[str, Any]) -> None:
        at = moment(options["at"])
        if options["database"]:
            url = config.environ.get("DATABASE_URL_MIGRATOR", "")
            found = into_database(config, url, at, release=settings.VERSION, say=self.say)
            self.say("")
            self.stdout.write(f"  ok  {found.name}, as of {words(found.at)}, with {found.attachments} attachments")
            return
        if not options["workspace"]:
            raise Stopped("Say whose: --workspace with its address, for example --workspace acme.")
        if options["replace"] and not options["yes"]:
            self.confirm(options["workspace"], options["at"])
        with one_at_a_time(), installation_at(config, at, self.say) as source:
            by, slug = operator("restore"), options["workspace"]
            started = timezone.now()
            if options["replace"]:
                changed = replacing.replace(source, slug, by=by, say=self.say)
                self.tell_changes(changed)
            elif options["board"]:
                self.tell(board.beside(source, slug, options["board"], by=by, say=self.say))
            else:
                self.tell(workspace.beside(source, slug, by=by, say=self.say))
            seconds = (timezone.now() - started).total_seconds()
            self.stdout.write(f"  ok  as of {words(source.at)}, from {source.name}; written in {seconds:.1f} s")

    def confirm(self, slug: str, at: str) -> None:
        says = f"Everything in {slug!r} since {at or 'the newest backup'} goes. Type its address to go on: "
        self.stdout.write(says, ending="")
        self.stdout.flush()
        if sys.stdin.readline().strip() != slug:
            raise Stopped("Nothing was changed.")

    def tell(self, found: Brought) -> None:
        self.say("")
        for table, count in found.rows.items():
            if count:
                self.stdout.write(f"  {count:>8}  {table}")
        self.stdout.write(f"  {found.entries:>8}  entries of its history")
        if found.files_missing:
            self.stdout.write(f"  {found.files_missing:>8}  files that no backup holds")
        self.stdout.write(f"  {settings.BASE_URL}/{found.slug}/")

    def tell_changes(self, found: replacing.Changed) -> None:
        self.say("")
        for table, (back, put, gone) in found.rows.items():
            self.stdout.write(f"  {table}: {back} brought back, {put} put back, {gone} taken away")
        if not found.rows:
            self.stdout.write("  Nothing differs.")

    def say(self, sentence: str) -> None:
        """One line that changes, where somebody watches."""
        if sys.stderr.isatty():
            self.stderr.write(f"\r\033[K{sentence}", ending="")
