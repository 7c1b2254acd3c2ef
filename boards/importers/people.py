"""Placeholder people: whom a source names, until an admin says which member that is."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q

from boards.importers import draft
from boards.importers.known import Kind, fresh, known
from boards.importers.target import Run, Target
from boards.models import Attachment, Board, Comment, Mention, Ticket, TicketAssignee
from boards.models.importing import ImportedObject
from tenancy.ids import uuid7
from tenancy.models import Membership, Tenant

# Every place that names a person, as far as an import fills it.
NAMED_IN: tuple[tuple[Any, str], ...] = (
    (TicketAssignee, "membership_id"),
    (Comment, "author_id"),
    (Ticket, "created_by_id"),
    (Attachment, "created_by_id"),
    (Mention, "membership_id"),
    (Board, "created_by_id"),
)


def write_people(run: Run, board: draft.Board) -> None:
    """Told apart by their id in the source alone: two people may have one name.

    In a transaction of its own, before the board's: a new person touches every board of the workspace, and those must
    not stay locked while a large board is written.
    """
    target = Target(run, board.source_id, known(run.tenant_id, run.source, board.source_id))
    target.seen.forget_gone(Kind.PERSON)
    new = list(fresh(board.people, set(target.seen.alive(Kind.PERSON))))
    if not new:
        return
    first = take_member_numbers(run.tenant_id, len(new))
    rows = [
        Membership(tenant_id=run.tenant_id, name=person.name, number=number)
        for number, person in enumerate(new, start=first)
    ]
    target.make(Membership, rows)
    target.note(Kind.PERSON, [(person.source_id, row.pk) for person, row in zip(new, rows, strict=True)])


def take_member_numbers(tenant_id: uuid.UUID, count: int) -> int:
    """The first of `count` numbers, which nobody else gets."""
    tenant = Tenant.objects.filter(pk=tenant_id)
    tenant.update(member_count=F("member_count") + count)
    last: int = tenant.values_list("member_count", flat=True).get()
    return last - count + 1


def claim(placeholder: Membership, person: Membership) -> None:
    """What the placeholder is assigned to, said and made is the person's from now on, also in later imports.

    The placeholder itself stays, out of sight, while the log's entries from before Tika name it.
    """
    tenant_id = placeholder.tenant_id
    for model, field in NAMED_IN:
        if model is TicketAssignee:
            _reassign(tenant_id, placeholder.pk, person.pk)
        else:
            model.objects.filter(**{field: placeholder.pk}, tenant_id=tenant_id).update(**{field: person.pk})
    mine = ImportedObject.objects.filter(tenant_id=tenant_id, kind=Kind.PERSON, object_id=placeholder.pk)
    for noted in mine:
        noted.pk, noted.kind = uuid7(), Kind.CLAIMED
        noted.save(force_insert=True)
    mine.update(object_id=person.pk)
    Membership.objects.filter(tenant_id=tenant_id, pk=placeholder.pk).update(is_active=False)


def _reassign(tenant_id: uuid.UUID, old: uuid.UUID, new: uuid.UUID) -> None:
    """By adding and removing, which is what the numbers on the ticket's row follow."""
    links = TicketAssignee.objects.filter(tenant_id=tenant_id)
    both = set(links.filter(membership_id=new).values_list("ticket_id", flat=True))
    theirs = links.filter(membership_id=old)
    rows = [
        TicketAssignee(tenant_id=tenant_id, board_id=board_id, ticket_id=ticket_id, membership_id=new)
        for board_id, ticket_id in theirs.order_by("board_id", "ticket_id").values_list("board_id", "ticket_id")
        if ticket_id not in both
    ]
    TicketAssignee.objects.bulk_create(rows)
    theirs.delete()


def remove_unused(tenant_id: uuid.UUID, origins: Iterable[uuid.UUID]) -> int:
    """Takes away the placeholders of these imports that nothing names any more."""
    kinds = (Kind.PERSON, Kind.CLAIMED)
    noted = ImportedObject.objects.filter(tenant_id=tenant_id, origin_id__in=list(origins), kind__in=kinds)
    people = Membership.objects.filter(tenant_id=tenant_id, user=None, pk__in=noted.values("object_id"))
    used = set()
    for model, field in NAMED_IN:
        rows = model.objects.filter(Q(**{f"{field}__in": people.values("pk")}), tenant_id=tenant_id)
        used |= set(rows.values_list(field, flat=True).distinct())
    gone = list(people.exclude(pk__in=used).values_list("pk", flat=True))
    noted.filter(object_id__in=gone).delete()
    Membership.objects.filter(tenant_id=tenant_id, pk__in=gone).delete()
    claimed = Membership.objects.filter(tenant_id=tenant_id).exclude(user=None)
    noted.filter(object_id__in=claimed.values("pk")).delete()
    return len(gone)
