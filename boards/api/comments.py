"""Comments, checklists and the history of a ticket."""

import uuid
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from ninja import Router

from audit.access import allow
from audit.models import Entry
from boards.api.answers import Cursor, PageLimit, after_cursor, cursor_of, no_content, page_limit
from boards.api.schemas import ChecklistIn, CommentIn, ItemIn, ItemPatch
from boards.models import Board, Checklist, ChecklistItem, Comment
from boards.queries.ticket import visible_ticket
from boards.verbs import checklists, comments
from tenancy.errors import NotFound

router = Router(tags=["comments and checklists"])


def visible_row(model: Any, request: Any, row_id: uuid.UUID) -> Any:
    """A row that lives on a board the reader may see. Raises NotFound."""
    boards = Board.objects.visible_to(request.member).values("id")
    row = model.objects.filter(tenant_id=request.member.tenant_id, board_id__in=boards, pk=row_id).first()
    if row is None:
        raise NotFound
    return row


def comment_dict(comment: Comment) -> dict[str, Any]:
    names = ("id", "body", "created_at", "edited_at")
    links = {"ticket": comment.ticket_id, "author": comment.author_id}
    mentions = [mention.membership_id for mention in comment.mentions.all()]
    return {**{name: getattr(comment, name) for name in names}, **links, "mentions": mentions}


def checklist_dict(checklist: Checklist) -> dict[str, Any]:
    items = sorted(checklist.items.all(), key=lambda item: (item.rank, item.pk))
    return {
        "id": checklist.pk,
        "ticket": checklist.ticket_id,
        "name": checklist.name,
        "items": [item_dict(item) for item in items],
    }


def item_dict(item: ChecklistItem) -> dict[str, Any]:
    return {"id": item.pk, "checklist": item.checklist_id, "text": item.text, "is_done": item.is_done}


@router.get("/tickets/{uuid:ticket_id}/comments", summary="List a ticket's comments", url_name="comments")
@allow("ticket:read")
def comment_index(
    request: Any, ticket_id: uuid.UUID, limit: PageLimit | None = None, cursor: Cursor | None = None
) -> Any:
    ticket = visible_ticket(ticket_id, by=request.member)
    rows = Comment.objects.filter(tenant_id=ticket.tenant_id, ticket_id=ticket.pk)
    if cursor:
        last = rows.filter(pk=after_cursor(cursor)).first()
        if last is None:
            raise NotFound
        rows = rows.filter(Q(created_at__gt=last.created_at) | Q(created_at=last.created_at, pk__gt=last.pk))
    page = list(rows.prefetch_related("mentions").order_by("created_at", "id")[: page_limit(limit) + 1])
    more = len(page) > page_limit(limit)
    page = page[: page_limit(limit)]
    return {"items": [comment_dict(row) for row in page], "next": cursor_of(page[-1].pk) if more else None}


@router.post("/tickets/{uuid:ticket_id}/comments", summary="Comment", url_name="comments-create", response={201: Any})
@allow("ticket:update")
def comment_create(request: Any, ticket_id: uuid.UUID, payload: CommentIn) -> Any:
    return 201, comment_dict(comments.create(ticket_id, payload.body, by=request.member))


@router.patch("/comments/{uuid:comment_id}", summary="Edit a comment", url_name="comment-edit")
@allow("ticket:update")
def comment_change(request: Any, comment_id: uuid.UUID, payload: CommentIn) -> Any:
    comment = visible_row(Comment, request, comment_id)
    comments.edit(comment, payload.body, by=request.member)
    return comment_dict(comment)


@router.delete("/comments/{uuid:comment_id}", summary="Delete a comment", url_name="comment-delete")
@allow("ticket:update")
def comment_delete(request: Any, comment_id: uuid.UUID) -> HttpResponse:
    comments.delete(visible_row(Comment, request, comment_id), by=request.member)
    return no_content()


@router.get("/tickets/{uuid:ticket_id}/checklists", summary="List a ticket's checklists", url_name="checklists")
@allow("ticket:read")
def checklist_index(request: Any, ticket_id: uuid.UUID) -> Any:
    ticket = visible_ticket(ticket_id, by=request.member)
    rows = Checklist.objects.filter(tenant_id=ticket.tenant_id, ticket_id=ticket.pk).prefetch_related("items")
    return {"items": [checklist_dict(row) for row in rows.order_by("rank", "id")], "next": None}


@router.post(
    "/tickets/{uuid:ticket_id}/checklists", summary="Add a checklist", url_name="checklists-create", response={201: Any}
)
@allow("ticket:update")
def checklist_create(request: Any, ticket_id: uuid.UUID, payload: ChecklistIn) -> Any:
    return 201, checklist_dict(checklists.create(ticket_id, payload.name, by=request.member))


@router.patch("/checklists/{uuid:checklist_id}", summary="Rename a checklist", url_name="checklist-edit")
@allow("ticket:update")
def checklist_change(request: Any, checklist_id: uuid.UUID, payload: ChecklistIn) -> Any:
    checklists.rename(visible_row(Checklist, request, checklist_id), payload.name, by=request.member)
    return checklist_dict(visible_row(Checklist, request, checklist_id))


@router.delete("/checklists/{uuid:checklist_id}", summary="Delete a checklist", url_name="checklist-delete")
@allow("ticket:update")
def checklist_delete(request: Any, checklist_id: uuid.UUID) -> HttpResponse:
    checklists.delete(visible_row(Checklist, request, checklist_id), by=request.member)
    return no_content()


@router.post(
    "/checklists/{uuid:checklist_id}/items", summary="Add an item", url_name="checklist-items", response={201: Any}
)
@allow("ticket:update")
def item_create(request: Any, checklist_id: uuid.UUID, payload: ItemIn) -> Any:
    checklist = visible_row(Checklist, request, checklist_id)
    return 201, item_dict(checklists.add_item(checklist, payload.text, by=request.member))


@router.patch("/checklist-items/{uuid:item_id}", summary="Change or tick an item", url_name="checklist-item")
@allow("ticket:update")
def item_change(request: Any, item_id: uuid.UUID, payload: ItemPatch) -> Any:
    checklists.change_item(visible_row(ChecklistItem, request, item_id), payload.given(), by=request.member)
    return item_dict(visible_row(ChecklistItem, request, item_id))


@router.delete("/checklist-items/{uuid:item_id}", summary="Delete an item", url_name="checklist-item-delete")
@allow("ticket:update")
def item_delete(request: Any, item_id: uuid.UUID) -> HttpResponse:
    checklists.delete_item(visible_row(ChecklistItem, request, item_id), by=request.member)
    return no_content()


@router.get("/tickets/{uuid:ticket_id}/history", summary="What happened to a ticket", url_name="ticket-history")
@allow("ticket:read")
def history(request: Any, ticket_id: uuid.UUID, limit: PageLimit | None = None, cursor: Cursor | None = None) -> Any:
    """The latest first."""
    ticket = visible_ticket(ticket_id, by=request.member)
    entries = Entry.objects.filter(tenant_id=ticket.tenant_id, subject_id=ticket.pk)
    if cursor:
        last = entries.filter(pk=after_cursor(cursor)).first()
        if last is None:
            raise NotFound
        entries = entries.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    names = ("id", "at", "actor_type", "actor_id", "action", "resource", "resource_id", "changes", "reason")
    page = list(entries.order_by("-at", "-id").values(*names)[: page_limit(limit) + 1])
    more = len(page) > page_limit(limit)
    page = page[: page_limit(limit)]
    return {"items": page, "next": cursor_of(page[-1]["id"]) if more else None}
