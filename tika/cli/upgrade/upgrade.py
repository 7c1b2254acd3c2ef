"""The steps of an upgrade in their order, and the way back."""

import argparse
import shutil
from collections.abc import Mapping
from typing import Any

from tika.cli.environment import ROOT
from tika.cli.refusal import Refusal
from tika.cli.upgrade import copy, gate
from tika.cli.upgrade.breaking import between
from tika.cli.upgrade.installation import Installation
from tika.cli.upgrade.report import Report
from tika.env import VERSION

DONE, REFUSED, PUT_BACK, CANNOT_GO_BACK = 0, 1, 3, 4
# A migration that holds a lock of people's tables for longer than this, in seconds, wants a maintenance window.
LONGEST_LOCK = 2.0


class Upgrade:
    def __init__(self, installation: Installation, report: Report, given: argparse.Namespace) -> None:
        self.here = installation
        self.report = report
        self.given = given
        self.old = installation.version
        self.facts: dict[str, Any] = {}

    def run(self) -> int:
        if self.given.restart:
            return self.restart()
        self.report.facts |= {"from": self.old, "to": VERSION, "data": str(self.here.folder.path)}
        self.report.line(f"Tika {self.old} at {self.here.root} -> {VERSION} at {ROOT}, data in {self.here.folder.path}")
        if self.here.root == ROOT:
            raise Refusal("This release runs already. bin/upgrade lies in the folder of the new one.")
        reasons = self.preflight()
        for reason in reasons:
            self.report.refused(reason)
        if reasons:
            self.report.line("Refused: nothing was changed.")
            return REFUSED
        if self.given.check:
            self.report.line("Nothing stands against it.")
            return DONE
        return self.upgrade()

    def restart(self) -> int:
        with self.report.step("Processes replaced one by one"):
            self.here.roll(self.here.root, self.here.old_environment)
        return DONE

    # --- looking ---------------------------------------------------------------------------------

    def preflight(self) -> list[str]:
        """Sentences about what stands against it."""
        found = self._breaking()
        with self.report.step("What is to be done") as told:
            self.facts = self.here.facts(self.here.shared, "upgrade_facts")
            pending = self.facts["pending"]
            told["said"] = f"{len(pending)} migrations: {', '.join(pending) or 'none'}"
        found += self._outgrown()
        found += self._proven()
        if self.given.without_copy:
            self.report.line(f"      not tried on a copy: {self.given.without_copy}")
            return found
        return found or self._rehearsed()

    def _breaking(self) -> list[str]:
        entries = between(ROOT / "CHANGELOG.md", self.old, VERSION)
        self.report.facts["breaking"] = [f"{entry.version}: {entry.text}" for entry in entries]
        for entry in entries:
            self.report.line(f"      breaking in {entry.version}: {entry.text}")
        stops = [f"{entry.version} wants a stop on the way. {entry.text}" for entry in entries if entry.is_stop]
        if stops or not entries or self.given.accept_breaking:
            return stops
        return ["The changelog says that something breaks: read it above, and say --accept-breaking."]

    def _outgrown(self) -> list[str]:
        """A release fits the tables of the one after it, and of none still newer: which it is, it cannot tell."""
        unknown = ", ".join(self.facts["unknown"])
        self.report.facts["unknown"] = self.facts["unknown"]
        if not unknown:
            return []
        if self.given.older:
            self.report.line(f"      older than the data ({unknown}): {self.given.older}")
            return []
        return [
            f"Tika {VERSION} is older than the data: it does not know {unknown}. The release directly before the one"
            " that made them works on these tables: say --older REASON. One older still does not: restore a backup of"
            " its time instead."
        ]

    def _proven(self) -> list[str]:
        proven = self.facts["proven"]
        self.report.facts["proven"] = proven
        if proven and proven["fresh"]:
            self.report.line(f"      a restore was proven at {proven['when']}")
            return []
        if self.given.without_proven_backup:
            self.report.line(f"      without a proven restore: {self.given.without_proven_backup}")
            return []
        last = f"the last one is of {proven['when']}" if proven else "none has ever passed"
        return [
            f"No restore was proven lately ({last}): bin/manage restore_drill proves one. Or give a reason with"
            " --without-proven-backup."
        ]

    def _rehearsed(self) -> list[str]:
        size = copy.size(self.here)
        needed, free = int(size * copy.NEEDED_FACTOR), shutil.disk_usage(self.here.folder.path).free
        self.report.facts["disk"] = {"database": size, "needed": needed, "free": free}
        if free < needed:
            there = f"on the disk of {self.here.folder.path}"
            return [f"A copy needs {needed // 2**20} MB {there}, and {free // 2**20} are free."]
        with self.report.step("Migrations tried on a copy") as told, copy.copied(self.here) as environ:
            tried = self.here.facts(environ, "rehearse_migrations", role="migrator")
            told["said"] = f"{size // 2**20} MB, {sum(one['seconds'] for one in tried):.1f} s"
        self.report.facts["rehearsed"] = tried
        for one in tried:
            locks = ", ".join(one["locks"]) or "nobody's table"
            self.report.line(f"      {one['migration']}: {one['seconds']:.2f} s, locks {locks}")
        return [
            f"{one['migration']} would lock {', '.join(one['locks'])} for {one['seconds']:.1f} s: change it"
            " (docs/upgrading.md), or announce a maintenance window and say --without-copy REASON in it."
            for one in tried
            if one["locks"] and one["seconds"] > LONGEST_LOCK
        ]

    # --- doing -----------------------------------------------------------------------------------

    def upgrade(self) -> int:
        if not self.given.without_proven_backup:
            with self.report.step("Backup"):
                self._back_up()
        environ = self.here.new_environment()
        try:
            with self.report.step("Tables"):
                self.here.command("migrate", "--no-color", environ=environ, role="migrator")
        except Refusal as refusal:
            return self._put_back(environ, str(refusal), refusal.details, replaced=False)
        self.note(environ, f"upgrade from {self.old} began", self._reasons())
        with self.report.step("Static files"):
            self.here.command("collectstatic", "--noinput", environ=environ)
        try:
            with self.report.step("Processes replaced one by one"):
                self.here.roll(ROOT, environ)
        except Refusal as refusal:
            # bin/run has left the old ones where they were.
            return self._put_back(environ, str(refusal), refusal.details, replaced=False)
        if why := self._is_not_well(environ):
            return self._put_back(environ, why, "", replaced=True)
        self.note(environ, f"upgraded from {self.old}", "")
        self.here.command("record_deploy", environ=environ)
        self.report.line(f"Tika {VERSION} runs. The next time, start {ROOT / 'bin' / 'run'}.")
        return DONE

    def _back_up(self) -> None:
        """With the release that runs: it knows its own data."""
        here, kind = self.here, "base" if self.facts["sends_log"] else "logical"
        here.command("backup", "--kind", kind, environ=here.old_environment, role="worker", root=here.root)

    def _is_not_well(self, environ: Mapping[str, str]) -> str:
        try:
            with self.report.step("Health") as told:
                if why := gate.essentials(self.here, VERSION):
                    raise Refusal(why)
                if why := gate.watched(self.here, self.given.watch, lambda since: self._failures(environ, since)):
                    raise Refusal(why)
                told["said"] = f"well for {self.given.watch:g} s"
        except Refusal as refusal:
            return str(refusal)
        return ""

    def _failures(self, environ: Mapping[str, str], since: str) -> dict[str, int]:
        counted: dict[str, int] = self.here.facts(environ, "upgrade_facts", "--failures-since", since)
        return counted

    def _put_back(self, environ: Mapping[str, str], why: str, details: str, *, replaced: bool) -> int:
        self.report.refused(f"The new release is not well: {why}", details)
        try:
            with self.report.step(f"Tika {self.old} put back; the tables stay, which it knows how to use"):
                if replaced:
                    self.here.roll(self.here.root, self.here.old_environment)
                if still := gate.essentials(self.here, self.old):
                    raise Refusal(still)
        except Refusal as refusal:
            self.report.refused(f"Tika {self.old} could not be put back: {refusal}", refusal.details)
            self.report.line(f"Somebody must look: stop bin/run, then start {self.here.root / 'bin' / 'run'}.")
            return CANNOT_GO_BACK
        self.note(environ, f"put back to {self.old}", why)
        return PUT_BACK

    def _reasons(self) -> str:
        return "; ".join(filter(None, (self.given.without_proven_backup, self.given.without_copy, self.given.older)))

    def note(self, environ: Mapping[str, str], name: str, detail: str) -> None:
        """In the operators' log."""
        self.here.command("note_upgrade", "--name", f"{VERSION}: {name}", "--detail", detail, environ=environ)
