"""Checklists and their items."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Query, Router

from audit.access import allow
from boards.api import shapes
from boards.api.answers import answer, no_content
from boards.api.pages import Paging, paged
from boards.api.rows import visible_row
from boards.api.schemas import ChecklistIn, ItemIn, ItemPatch
from boards.models import Checklist, ChecklistItem
from boards.queries.ticket import visible_ticket
from boards.verbs import checklists

router = Router(tags=["checklists"])


def as_dict(checklist: Checklist) -> dict[str, Any]:
    items = sorted(checklist.items.all(), key=lambda item: (item.rank, item.pk))
    return {
        "id": checklist.pk,
        "ticket": checklist.ticket_id,
        "name": checklist.name,
        "items": [item_dict(item) for item in items],
    }


def item_dict(item: ChecklistItem) -> dict[str, Any]:
    return {"id": item.pk, "checklist": item.checklist_id, "text": item.text, "is_done": item.is_done}


@router.get(
    "/tickets/{uuid:ticket_id}/checklists",
    summary=_("List a ticket's checklists"),
    url_name="checklists",
    response=shapes.page_of(shapes.Checklist),
)
@allow("ticket:read")
def index(request: Any, ticket_id: uuid.UUID, filters: Query[Paging]) -> HttpResponse:
    ticket = visible_ticket(ticket_id, by=request.member)
    rows = Checklist.objects.filter(tenant_id=ticket.tenant_id, ticket_id=ticket.pk).prefetch_related("items")
    return paged(request, rows, filters, as_dict, shapes.Checklist, order=("rank", "id"))


@router.post(
    "/tickets/{uuid:ticket_id}/checklists",
    summary=_("Add a checklist"),
    url_name="checklists-create",
    response={201: shapes.Checklist},
)
@allow("ticket:update")
def create(request: Any, ticket_id: uuid.UUID, payload: ChecklistIn) -> HttpResponse:
    return answer(request, as_dict(checklists.create(ticket_id, payload.name, by=request.member)), status=201)


@router.get(
    "/checklists/{uuid:checklist_id}", summary=_("Show a checklist"), url_name="checklist", response=shapes.Checklist
)
@allow("ticket:read")
def show(request: Any, checklist_id: uuid.UUID) -> HttpResponse:
    return answer(request, as_dict(visible_row(Checklist, request, checklist_id)))


@router.patch(
    "/checklists/{uuid:checklist_id}",
    summary=_("Rename a checklist"),
    url_name="checklist-edit",
    response=shapes.Checklist,
)
@allow("ticket:update")
def change(request: Any, checklist_id: uuid.UUID, payload: ChecklistIn) -> HttpResponse:
    checklists.rename(visible_row(Checklist, request, checklist_id), payload.name, by=request.member)
    return answer(request, as_dict(visible_row(Checklist, request, checklist_id)))


@router.delete(
    "/checklists/{uuid:checklist_id}",
    summary=_("Delete a checklist"),
    url_name="checklist-delete",
    response={204: None},
)
@allow("ticket:update")
def delete(request: Any, checklist_id: uuid.UUID) -> HttpResponse:
    checklists.delete(visible_row(Checklist, request, checklist_id), by=request.member)
    return no_content()


@router.post(
    "/checklists/{uuid:checklist_id}/items",
    summary=_("Add an item"),
    url_name="checklist-items",
    response={201: shapes.ChecklistItem},
)
@allow("ticket:update")
def item_create(request: Any, checklist_id: uuid.UUID, payload: ItemIn) -> HttpResponse:
    checklist = visible_row(Checklist, request, checklist_id)
    return answer(request, item_dict(checklists.add_item(checklist, payload.text, by=request.member)), status=201)


@router.get(
    "/checklist-items/{uuid:item_id}",
    summary=_("Show an item"),
    url_name="checklist-item",
    response=shapes.ChecklistItem,
)
@allow("ticket:read")
def item_show(request: Any, item_id: uuid.UUID) -> HttpResponse:
    return answer(request, item_dict(visible_row(ChecklistItem, request, item_id)))


@router.patch(
    "/checklist-items/{uuid:item_id}",
    summary=_("Change or tick an item"),
    url_name="checklist-item-edit",
    response=shapes.ChecklistItem,
)
@allow("ticket:update")
def item_change(request: Any, item_id: uuid.UUID, payload: ItemPatch) -> HttpResponse:
    checklists.change_item(visible_row(ChecklistItem, request, item_id), payload.given(), by=request.member)
    return answer(request, item_dict(visible_row(ChecklistItem, request, item_id)))


@router.delete(
    "/checklist-items/{uuid:item_id}",
    summary=_("Delete an item"),
    url_name="checklist-item-delete",
    response={204: None},
)
@allow("ticket:update")
def item_delete(request: Any, item_id: uuid.UUID) -> HttpResponse:
    checklists.delete_item(visible_row(ChecklistItem, request, item_id), by=request.member)
    return no_content()
