"""What the pages of imports show."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from boards.importers import report, sentences
from boards.importers.known import Kind
from boards.importers.undo import warnings
from boards.models import Board, Import, ImportedObject
from boards.models.importing import State
from tenancy.errors import NotFound
from tenancy.identity import Member
from tenancy.models import Membership

SHOWN = 100
# A worker looks every few seconds: after this long none is there.
NO_WORKER_AFTER = timedelta(seconds=30)


@dataclass(frozen=True)
class Row:
    """One kind of thing in the report; `found` is what the database holds, None before the run."""

    name: str
    count: int
    unchanged: int
    archived: int
    found: int | None

    @property
    def is_short(self) -> bool:
        return self.found is not None and self.found != self.count


def latest(member: Member) -> list[Import]:
    rows = Import.objects.visible_to(member).select_related("created_by")
    return list(rows.order_by("-created_at", "-id")[:SHOWN])


def one(member: Member, import_id: UUID) -> Import:
    row = Import.objects.visible_to(member).select_related("created_by", "undone_by").filter(pk=import_id).first()
    if row is None:
        raise NotFound
    return row


def detail(row: Import, member: Member) -> dict[str, Any]:
    """The context of an import's page, by its state."""
    told = report.told(row.report) if row.report else {}
    rows = rows_of(told)
    context: dict[str, Any] = {"row": row, "told": told, "rows": rows, "lacks_worker": lacks_worker(row)}
    context["any_unchanged"] = any(line.unchanged for line in rows)
    if row.refusal:
        context["refusal"] = sentences.refusal(row.refusal["code"], row.refusal["values"])
    if row.state == State.DONE:
        context |= {
            "boards": Board.objects.visible_to(member).filter(pk__in=row.boards).order_by("name"),
            "placeholders": placeholders_of(row),
            "members": members(member),
            "warnings": warnings(row),
        }
    return context


def rows_of(told: dict[str, Any]) -> list[Row]:
    found = told.get("reconciled", {}).get("found", {})
    return [
        Row(
            name=sentences.kind_name(kind),
            count=count,
            unchanged=told["unchanged"].get(kind, 0),
            archived=told["archived"].get(kind, 0),
            found=found.get(kind),
        )
        for kind, count in told.get("imported", {}).items()
        if count or told["unchanged"].get(kind) or kind not in {"boards", "former_members"}
    ]


def lacks_worker(row: Import) -> bool:
    return row.is_waiting and row.beat_at is None and row.created_at < timezone.now() - NO_WORKER_AFTER


def placeholders_of(row: Import) -> Any:
    """The people of this import that no member has been named for yet."""
    noted = ImportedObject.objects.filter(tenant_id=row.tenant_id, origin_id=row.pk, kind=Kind.PERSON)
    people = Membership.objects.filter(tenant_id=row.tenant_id, user=None, is_active=True)
    return people.filter(pk__in=noted.values("object_id")).order_by("name", "id")


def members(member: Member) -> Any:
    people = Membership.objects.filter(tenant_id=member.tenant_id, is_active=True).exclude(user=None)
    return people.order_by("name", "id")
