"""For bin/ci and whoever writes a migration: would it stop people at work, or break the release that still runs?"""

import json
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from tika.env import ROOT
from tika.migration_lint.allowed import without_allowed
from tika.migration_lint.lint import lint
from tika.migration_lint.plan import Plan
from tika.migration_lint.squawk import NoSquawk
from tika.release import NoPreviousRelease, git, previous_release


class Command(BaseCommand):
    help = (
        "Looks at the migrations that are new since the release before: forward only, expand and contract, no long"
        " locks, a wall around each tenant's table. Ends with 1 if it found something."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--since", metavar="REF", default="", help="what is new since this commit or tag")
        which.add_argument("--all", action="store_true", help="released ones too, as one release that was the first")
        parser.add_argument("--json", action="store_true", help="a list of {path, line, rule, reason, remedy}")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = Plan(ROOT, self._commit(options), everything=options["all"])
        candidates = plan.candidates()
        try:
            findings, files = lint(ROOT, candidates)
        except NoSquawk as error:
            raise CommandError(str(error)) from error
        left = sorted({*without_allowed(ROOT, findings, files), *plan.changed()})
        if options["json"]:
            self.stdout.write(json.dumps([finding.as_json() for finding in left], indent=2))
        else:
            for finding in left:
                self.stdout.write(str(finding))
        self.stderr.write(f"{len(candidates)} migrations since {plan.shown}: {len(left)} findings")
        if left:
            raise SystemExit(1)

    def _commit(self, options: dict[str, Any]) -> str:
        """ "" with --all where nobody knows the release before: what depends on it is not looked at then."""
        if since := options["since"]:
            if found := git(ROOT, "rev-parse", "--verify", "--quiet", f"{since}^{{commit}}"):
                return found
            raise CommandError(f"{since} is no commit of this clone: git fetch origin {since} may bring it.")
        try:
            return previous_release(ROOT)
        except NoPreviousRelease as error:
            if options["all"]:
                self.stderr.write(f"{error} Without it nobody knows what that release uses or waits for.")
                return ""
            raise CommandError(str(error)) from error
