"""Comments, and the history of a ticket."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Query, Router

from audit.access import allow
from audit.models import Entry
from boards.api import shapes
from boards.api.answers import answer, no_content
from boards.api.pages import Paging, paged
from boards.api.rows import visible_row
from boards.api.schemas import CommentIn
from boards.models import Comment
from boards.queries.ticket import visible_ticket
from boards.verbs import comments

router = Router(tags=["comments and history"])


def as_dict(comment: Comment) -> dict[str, Any]:
    names = ("id", "body", "created_at", "edited_at")
    links = {"ticket": comment.ticket_id, "author": comment.author_id}
    mentions = [mention.membership_id for mention in comment.mentions.all()]
    return {**{name: getattr(comment, name) for name in names}, **links, "mentions": mentions}


def entry_dict(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in shapes.Entry.model_fields}


@router.get(
    "/tickets/{uuid:ticket_id}/comments",
    summary=_("List a ticket's comments"),
    url_name="comments",
    response=shapes.page_of(shapes.Comment),
)
@allow("ticket:read")
def index(request: Any, ticket_id: uuid.UUID, filters: Query[Paging]) -> HttpResponse:
    ticket = visible_ticket(ticket_id, by=request.member)
    rows = Comment.objects.filter(tenant_id=ticket.tenant_id, ticket_id=ticket.pk).prefetch_related("mentions")
    return paged(request, rows, filters, as_dict, shapes.Comment, order=("created_at", "id"))


@router.post(
    "/tickets/{uuid:ticket_id}/comments",
    summary=_("Comment"),
    url_name="comments-create",
    response={201: shapes.Comment},
)
@allow("ticket:update")
def create(request: Any, ticket_id: uuid.UUID, payload: CommentIn) -> HttpResponse:
    return answer(request, as_dict(comments.create(ticket_id, payload.body, by=request.member)), status=201)


@router.get("/comments/{uuid:comment_id}", summary=_("Show a comment"), url_name="comment", response=shapes.Comment)
@allow("ticket:read")
def show(request: Any, comment_id: uuid.UUID) -> HttpResponse:
    return answer(request, as_dict(visible_row(Comment, request, comment_id)))


@router.patch(
    "/comments/{uuid:comment_id}", summary=_("Edit a comment"), url_name="comment-edit", response=shapes.Comment
)
@allow("ticket:update")
def change(request: Any, comment_id: uuid.UUID, payload: CommentIn) -> HttpResponse:
    comment = visible_row(Comment, request, comment_id)
    comments.edit(comment, payload.body, by=request.member)
    return answer(request, as_dict(comment))


@router.delete(
    "/comments/{uuid:comment_id}", summary=_("Delete a comment"), url_name="comment-delete", response={204: None}
)
@allow("ticket:update")
def delete(request: Any, comment_id: uuid.UUID) -> HttpResponse:
    comments.delete(visible_row(Comment, request, comment_id), by=request.member)
    return no_content()


@router.get(
    "/tickets/{uuid:ticket_id}/history",
    summary=_("What happened to a ticket"),
    description=_("The latest first."),
    url_name="ticket-history",
    response=shapes.page_of(shapes.Entry),
)
@allow("ticket:read")
def history(request: Any, ticket_id: uuid.UUID, filters: Query[Paging]) -> HttpResponse:
    ticket = visible_ticket(ticket_id, by=request.member)
    entries = Entry.objects.filter(tenant_id=ticket.tenant_id, subject_id=ticket.pk)
    return paged(request, entries, filters, entry_dict, shapes.Entry, order=("-at", "-id"))
