"""`manage.py backup`: makes backups now; `--list` shows what there is."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from backups.config import Config, configured
from backups.manifest import all_of
from backups.models import Kind, State
from backups.retention import Keep
from backups.sentences import Stopped
from backups.store import store_of
from backups.verbs.backups import one_at_a_time, possible, take
from backups.verbs.pruning import prune
from tenancy.management.owners import operator


class Command(BaseCommand):
    help = "Makes backups now: of the whole server (base), as a dump (logical), of attachments (files)."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", action="append", choices=Kind.values, help="only this kind; may be repeated")
        parser.add_argument("--to", default="", help="another folder, or s3://bucket/prefix, for this time")
        parser.add_argument("--list", action="store_true", help="shows the backups that are kept")
        parser.add_argument("--scheduled", action="store_true", help="as the backup process calls it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            config = configured({**configured().environ, **target(options["to"])})
            if options["list"]:
                self.show(config)
                return
            kinds, lacking = (options["kind"], "") if options["kind"] else possible(config)
            self.make(config, kinds, lacking, scheduled=options["scheduled"])
        except Stopped as error:
            raise CommandError(str(error)) from error

    def make(self, config: Config, kinds: list[str], lacking: str, *, scheduled: bool) -> None:
        by = operator("backup")
        is_new = not config.key_file.exists()
        with one_at_a_time():
            found = take(config, kinds, by=by, say=self.say, urgent=not scheduled)
            if any(row.state == State.DONE for row in found):
                prune(store_of(config), keep_of(config), by=by)
        self.say("")
        for row in found:
            well = row.state == State.DONE
            says = f"{filesizeformat(row.bytes)}  {row.name}" if well else row.error
            self.stdout.write(f"  {'ok ' if well else 'FAILED'} {row.kind:<8} {says}")
        if lacking:
            self.stdout.write(f"\n{lacking}")
        if is_new and config.key_file.exists():
            self.stdout.write(f"\nThe key that opens them is {config.key_file}: keep a copy of it in another place.")
        if config.same_disk:
            self.stdout.write(
                f"\nThey are in {config.folder}, on the same disk as what they protect: name another one with"
                " TIKA_BACKUP_DIR, or a bucket with TIKA_BACKUP_URL."
            )
        if any(row.state == State.FAILED for row in found):
            raise CommandError("Not everything could be backed up; what it was stands above.")

    def show(self, config: Config) -> None:
        store = store_of(config)
        for kind in Kind.values:
            for one in all_of(store, kind):
                self.stdout.write(
                    f"  {one.name:<28} {filesizeformat(one.bytes):>10}  can be restored to {one.covers[:19]}"
                )

    def say(self, sentence: str) -> None:
        """One line that changes, where somebody watches."""
        if sys.stderr.isatty():
            self.stderr.write(f"\r\033[K{sentence}", ending="")


def target(to: str) -> dict[str, str]:
    if not to:
        return {}
    is_bucket = to.startswith("s3://")
    return {"TIKA_BACKUP_URL": to if is_bucket else "", "TIKA_BACKUP_DIR": "" if is_bucket else to}


def keep_of(config: Config) -> Keep:
    try:
        return Keep.read(config.environ.get("TIKA_BACKUP_KEEP", ""))
    except (ValueError, TypeError) as error:
        raise Stopped(
            "TIKA_BACKUP_KEEP must be days,weeks,months,years that are kept, for example 7,5,12,3."
        ) from error
