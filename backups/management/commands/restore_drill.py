"""`manage.py restore_drill`: restores the newest backup into a server of its own, and says whether it would do."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backups.config import configured
from backups.models import RestoreDrill
from backups.sentences import Stopped
from backups.verbs.backups import one_at_a_time
from backups.verbs.drills import drill
from tenancy.management.owners import operator


class Command(BaseCommand):
    help = "Restores the newest backup into a server of its own, measures how long it takes, and checks what came back."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scheduled", action="store_true", help="as the backup process calls it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            config = configured()
        except Stopped as error:
            raise CommandError(str(error)) from error
        with one_at_a_time():
            row = drill(config, by=operator("restore_drill"), say=self.say)
        self.say("")
        for check in row.checks:
            self.stdout.write(f"  {'ok ' if check['passed'] else 'FAILED'} {check['name']}")
            for sentence in check["found"]:
                self.stdout.write(f"         {sentence}")
        if row.rto_seconds is not None and row.rpo_seconds is not None:
            measured = f"RTO {row.rto_seconds:.1f} s, RPO {row.rpo_seconds:.1f} s"
            self.stdout.write(f"  {measured}, of {row.backup or 'a backup'}")
        if row.state != RestoreDrill.State.PASSED:
            raise CommandError(row.error or "The restore is not what it should be; what is wrong stands above.")

    def say(self, sentence: str) -> None:
        """One line that changes, where somebody watches."""
        if sys.stderr.isatty():
            self.stderr.write(f"\r\033[K{sentence}", ending="")
