"""Attachments."""

import uuid
from typing import Any

from django.core.files.uploadedfile import UploadedFile as DjangoUpload
from django.http import FileResponse, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _
from ninja import File, Query, Router
from ninja.files import UploadedFile

from audit.access import allow
from boards.api import shapes
from boards.api.answers import answer, no_content
from boards.api.pages import Paging, paged
from boards.api.rows import visible_row
from boards.models import Attachment
from boards.queries.ticket import visible_ticket
from boards.verbs import attachments
from tenancy.errors import Invalid, NotFound

router = Router(tags=["attachments"])
# What a browser may show in place; everything else, SVG and HTML above all, is only ever downloaded.
SHOWN_IN_PLACE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


def as_dict(attachment: Attachment) -> dict[str, Any]:
    names = ("id", "name", "size", "content_type", "url", "created_at")
    links = {"ticket": attachment.ticket_id, "created_by": attachment.created_by_id}
    return {**{name: getattr(attachment, name) for name in names}, **links, "is_link": bool(attachment.url)}


@router.get(
    "/tickets/{uuid:ticket_id}/attachments",
    summary=_("List a ticket's attachments"),
    url_name="attachments",
    response=shapes.page_of(shapes.Attachment),
)
@allow("ticket:read")
def index(request: Any, ticket_id: uuid.UUID, filters: Query[Paging]) -> HttpResponse:
    ticket = visible_ticket(ticket_id, by=request.member)
    rows = Attachment.objects.filter(tenant_id=ticket.tenant_id, ticket_id=ticket.pk)
    return paged(request, rows, filters, as_dict, shapes.Attachment, order=("created_at", "id"))


@router.post(
    "/tickets/{uuid:ticket_id}/attachments",
    summary=_("Attach a file"),
    url_name="attachments-create",
    response={201: shapes.Attachment},
)
@allow("ticket:update")
def create(request: Any, ticket_id: uuid.UUID, file: UploadedFile = File(...)) -> HttpResponse:  # type: ignore[type-arg]  # noqa: B008
    if not isinstance(file, DjangoUpload):
        raise Invalid.field("file", gettext("Send the file as multipart/form-data."))
    return answer(request, as_dict(attachments.store(ticket_id, file, by=request.member)), status=201)


@router.get(
    "/attachments/{uuid:attachment_id}",
    summary=_("Show an attachment"),
    url_name="attachment",
    response=shapes.Attachment,
)
@allow("ticket:read")
def show(request: Any, attachment_id: uuid.UUID) -> HttpResponse:
    return answer(request, as_dict(visible_row(Attachment, request, attachment_id)))


@router.delete(
    "/attachments/{uuid:attachment_id}",
    summary=_("Delete an attachment"),
    url_name="attachment-delete",
    response={204: None},
)
@allow("ticket:update")
def delete(request: Any, attachment_id: uuid.UUID) -> HttpResponse:
    attachments.delete(visible_row(Attachment, request, attachment_id), by=request.member)
    return no_content()


@router.get("/attachments/{uuid:attachment_id}/content", summary=_("Download a file"), url_name="attachment-content")
@allow("ticket:read")
def content(request: Any, attachment_id: uuid.UUID) -> Any:
    attachment = visible_row(Attachment, request, attachment_id)
    if attachment.url:
        raise NotFound(gettext("This attachment is a link; its address is in `url`."))
    path = attachments.path_of(attachment.storage_key)
    if not path.is_file():
        raise NotFound(gettext("The file is missing on the server's disk."))
    in_place = attachment.content_type in SHOWN_IN_PLACE
    response = FileResponse(
        path.open("rb"),
        as_attachment=not in_place,
        filename=attachment.name,
        content_type=attachment.content_type if in_place else "application/octet-stream",
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"
    return response
