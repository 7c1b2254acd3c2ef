"""`manage.py import_trello board.json --workspace acme`"""

import json
import uuid
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from boards.importers import sentences
from boards.importers.beat import Beat
from boards.importers.job import Job
from boards.importers.report import refused, told
from boards.importers.tally import Refused
from boards.importers.undo import warnings
from boards.importers.verbs import take_back
from boards.importers.work import analyse, run
from boards.importers.worker import carry_on, fail
from boards.models.importing import Import, State
from tenancy.context import SYSTEM, Actor, tenant_context
from tenancy.errors import Conflict
from tenancy.ids import uuid7
from tenancy.models import Membership


class Command(BaseCommand):
    help = "Imports a Trello board from its JSON export, or from a ZIP of exports with their attachments."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="the export: JSON, or a ZIP with JSON files in it")
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--files", type=Path, help="folder or ZIP with the attachments, named by id or by name")
        parser.add_argument("--by", metavar="EMAIL", help="the member in whose name it happens")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would come and what would be lost")
        parser.add_argument("--json", action="store_true", help="print the report as JSON and nothing else")
        parser.add_argument("--undo", type=uuid.UUID, metavar="IMPORT_ID", help="take an import back")
        parser.add_argument("--with-later-work", action="store_true", help="undo although tickets were added since")

    def handle(self, *args: Any, **options: Any) -> None:
        self.as_json: bool = options["json"]
        tenant_id = self.tenant_id(options["workspace"])
        if options["undo"]:
            self.undo(tenant_id, options["undo"], by=options["by"], later_work=options["with_later_work"])
            return
        if options["file"] is None:
            self.refuse(_("Name the file to import, or --undo with the id of an import."))
        job = self.job(tenant_id, options["file"], options["files"], options["by"])
        begun: list[Import] = []
        try:
            report = analyse(job) if options["dry_run"] else self.run_import(job, begun)
        except Refused as refusal:
            if begun:
                fail(job, refusal.code, refusal.values)
            self.refuse(sentences.refusal(refusal.code, refusal.values), refused(refusal.code, refusal.values))
        except BaseException:
            if begun:
                fail(job, "stopped", {})
            raise
        self.tell({**report, "dry_run": options["dry_run"], "import": str(job.import_id) if begun else None})

    def tenant_id(self, slug: str) -> uuid.UUID:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tenancy_id_of(%s)", [slug])
            found: uuid.UUID | None = cursor.fetchone()[0]
        if found is None:
            self.refuse(_("There is no workspace %(slug)s.") % {"slug": slug})
        return found

    def job(self, tenant_id: uuid.UUID, path: Path, files: Path | None, email: str | None) -> Job:
        by = self.member(tenant_id, email)
        user = by.user if by else None
        return Job(
            tenant_id=tenant_id,
            path=path,
            name=path.name,
            language=(user and user.language) or "en",
            timezone=(user and user.timezone) or "UTC",
            by_id=by.pk if by else None,
            import_id=uuid7(),
            attempt=1,
            files=files,
        )

    def member(self, tenant_id: uuid.UUID, email: str | None) -> Membership | None:
        if email is None:
            return None
        with tenant_context(tenant_id):
            people = Membership.objects.filter(tenant_id=tenant_id, user__email=email.strip().lower(), is_active=True)
            found = people.select_related("user").first()
        if found is None:
            self.refuse(_("%(email)s is not a member of this workspace.") % {"email": email})
        return found

    def run_import(self, job: Job, begun: list[Import]) -> dict[str, Any]:
        def begin() -> None:
            with tenant_context(job.tenant_id, actor=job.actor):
                begun.append(
                    Import.objects.create(
                        id=job.import_id,
                        tenant_id=job.tenant_id,
                        source=job.source,
                        state=State.RUNNING,
                        file_name=job.name[:255],
                        file_size=job.path.stat().st_size,
                        language=job.language,
                        timezone=job.timezone,
                        attempt=job.attempt,
                        beat_at=timezone.now(),
                        created_by_id=job.by_id,
                    )
                )

        assert job.import_id is not None
        with Beat(job.tenant_id, job.import_id, job.attempt) as beat:
            return run(job, beat, begin=begin)

    def undo(self, tenant_id: uuid.UUID, import_id: uuid.UUID, *, by: str | None, later_work: bool) -> None:
        member = self.member(tenant_id, by)
        with tenant_context(tenant_id):
            row = Import.objects.filter(tenant_id=tenant_id, pk=import_id).first()
            if row is None:
                self.refuse(_("There is no import %(id)s in this workspace.") % {"id": import_id})
            made = warnings(row).tickets_made
        if made and not later_work:
            text = _("%(count)s tickets were added to its boards since. Add --with-later-work to remove them too.")
            self.refuse(text % {"count": made})
        by_id = member.pk if member else None
        try:
            with tenant_context(tenant_id, actor=Actor("user", str(by_id)) if by_id else SYSTEM):
                take_back(row, by_id=by_id)
        except Conflict:
            text = _("This import cannot be undone: its state is “%(state)s”.")
            self.refuse(text % {"state": row.get_state_display()})
        carry_on(tenant_id, import_id)
        with tenant_context(tenant_id):
            row.refresh_from_db()
        if self.as_json:
            self.stdout.write(json.dumps({"import": str(import_id), "state": row.state}))
        else:
            self.stdout.write(_("Import %(id)s: %(state)s.") % {"id": import_id, "state": row.get_state_display()})

    def refuse(self, sentence: str, report: Mapping[str, Any] | None = None) -> NoReturn:
        """One sentence and exit code 1."""
        if self.as_json and report is not None:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        self.stderr.write(sentence)
        raise SystemExit(1)

    def tell(self, report: dict[str, Any]) -> None:
        shown = told(report)
        if self.as_json:
            self.stdout.write(json.dumps(shown, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(lines(shown)))


def lines(report: dict[str, Any]) -> Iterator[str]:
    """The report for a terminal."""
    yield _("What would come:") if report["dry_run"] else _("What came:")
    for kind, count in report["imported"].items():
        there = report["unchanged"][kind]
        more = _(" (%(count)s were there already)") % {"count": there} if there else ""
        yield f"  {count:>8,}  {sentences.kind_name(kind)}{more}"
    for title, key in ((_("What is lost:"), "lost"), (_("What is kept in another form:"), "changed")):
        if report[key]:
            yield title
        for line in report[key]:
            yield f"  {line['count']:>8,}  {sentences.kind_name(line['kind'])}: {line['reason']}"
    for found in report["breaks"]:
        yield found["reason"]
    if report["import"]:
        yield _("Take it back with: import_trello --workspace … --undo %(id)s") % {"id": report["import"]}
