"""All that a ticket's panel shows."""

import uuid
from typing import Any

from django.db.models import Count, Max, Min, Q

from boards.markdown import render
from boards.models import Attachment, Board, Checklist, Column, Comment, Label, Ticket
from tenancy.errors import NotFound
from tenancy.identity import Member
from tenancy.models import Membership

# A long thread begins with its latest comments; the rest is asked for.
LATEST = 30
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def ticket_by_number(board: Board, number: int) -> Ticket:
    """Raises NotFound."""
    tickets = Ticket.objects.select_related("column", "created_by")
    ticket = tickets.filter(tenant_id=board.tenant_id, board_id=board.pk, number=number).first()
    if ticket is None:
        raise NotFound
    ticket.board = board
    return ticket


def panel_of(ticket: Ticket, *, whole_thread: bool, by: Member) -> dict[str, Any]:
    own = {"tenant_id": ticket.tenant_id, "ticket_id": ticket.pk}
    names = people_names(ticket.tenant_id)
    comments, earlier = thread(own, whole=whole_thread)
    for comment in comments:
        comment.html = render(comment.body, names)  # type: ignore[attr-defined]
        comment.is_mine = comment.author_id == by.id  # type: ignore[attr-defined]
        comment.draft = f"comment-{comment.pk}"  # type: ignore[attr-defined]
    return {
        "ticket": ticket,
        "estimate": "" if ticket.estimate is None else f"{ticket.estimate.normalize():f}",
        "board": ticket.board,
        "description": render(ticket.description, names),
        "columns": list(board_rows(Column, ticket).filter(archived_at=None).order_by("rank")),
        "place": place_of(ticket),
        "labels": list(board_rows(Label, ticket).filter(number__in=ticket.label_numbers).order_by("number")),
        "assignees": list(people(ticket.tenant_id).filter(number__in=ticket.assignee_numbers).order_by("name")),
        "checklists": checklists_of(own),
        "attachments": attachments_of(own),
        "comments": comments,
        "earlier": earlier,
        "whole_thread": whole_thread,
    }


def board_rows(model: Any, ticket: Ticket) -> Any:
    return model.objects.filter(tenant_id=ticket.tenant_id, board_id=ticket.board_id)


def people(tenant_id: uuid.UUID) -> Any:
    return Membership.objects.filter(tenant_id=tenant_id)


def people_names(tenant_id: uuid.UUID) -> list[str]:
    return list(people(tenant_id).filter(is_active=True).order_by("number").values_list("name", flat=True))


def thread(own: dict[str, Any], *, whole: bool) -> tuple[list[Comment], int]:
    """(comments from old to new, how many are older than those)"""
    rows = Comment.objects.filter(**own).select_related("author").order_by("-created_at", "-id")
    count = rows.count()
    shown = list(rows if whole else rows[:LATEST])
    return shown[::-1], count - len(shown)


def place_of(ticket: Ticket) -> dict[str, Any]:
    """Where the ticket lies among the open ones of its column, and the ends to move it to."""
    others = Ticket.objects.filter(
        tenant_id=ticket.tenant_id, column_id=ticket.column_id, archived_at=None, trashed_at=None
    ).exclude(pk=ticket.pk)
    above = Count("id", filter=Q(rank__lt=ticket.rank))
    facts = others.aggregate(count=Count("id"), above=above, first=Min("rank"), last=Max("rank"))
    ends = dict(others.filter(rank__in=[facts["first"], facts["last"]]).values_list("rank", "id"))
    return {
        "position": facts["above"] + 1,
        "count": facts["count"] + 1,
        "first": ends.get(facts["first"]),
        "last": ends.get(facts["last"]),
    }


def checklists_of(own: dict[str, Any]) -> list[Checklist]:
    found = list(Checklist.objects.filter(**own).prefetch_related("items").order_by("rank", "id"))
    for checklist in found:
        items = sorted(checklist.items.all(), key=lambda item: (item.rank, item.pk))
        checklist.shown = items  # type: ignore[attr-defined]
        checklist.done = sum(item.is_done for item in items)  # type: ignore[attr-defined]
    return found


def attachments_of(own: dict[str, Any]) -> list[Attachment]:
    found = list(Attachment.objects.filter(**own).select_related("created_by").order_by("created_at", "id"))
    for attachment in found:
        attachment.is_picture = bool(attachment.storage_key) and attachment.content_type in PICTURES  # type: ignore[attr-defined]
        attachment.is_web = attachment.url.lower().startswith(("http://", "https://"))  # type: ignore[attr-defined]
    return found
