"""/api/members"""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_noop as _
from ninja import Query, Router

from audit.access import allow
from boards.api import shapes
from boards.api.answers import answer, no_content
from boards.api.pages import Paging, paged
from boards.api.schemas import MemberPatch
from tenancy.errors import NotFound
from tenancy.models import Membership
from tenancy.verbs import members

router = Router(tags=["members"])


def as_dict(row: Membership) -> dict[str, Any]:
    known = {name: getattr(row, name) for name in ("id", "number", "name", "role")}
    return {**known, "placeholder": row.user_id is None, "active": row.is_active}


def of_the_workspace(request: Any) -> QuerySet[Membership]:
    return Membership.objects.filter(tenant_id=request.member.tenant_id)


def shown(request: Any, member_id: uuid.UUID) -> HttpResponse:
    row = of_the_workspace(request).filter(pk=member_id).first()
    if row is None:
        raise NotFound
    return answer(request, as_dict(row))


@router.get(
    "/members", summary=_("List the workspace's members"), url_name="members", response=shapes.page_of(shapes.Member)
)
@allow("member:read")
def index(request: Any, filters: Query[Paging]) -> HttpResponse:
    return paged(request, of_the_workspace(request), filters, as_dict, shapes.Member)


@router.get("/members/{uuid:member_id}", summary=_("Show a member"), url_name="member", response=shapes.Member)
@allow("member:read")
def show(request: Any, member_id: uuid.UUID) -> HttpResponse:
    return shown(request, member_id)


@router.patch(
    "/members/{uuid:member_id}",
    summary=_("Change a member"),
    description=_("People join by an invitation. `active` lets somebody back in who was taken out."),
    url_name="member-edit",
    response=shapes.Member,
)
@allow("member:manage")
def change(request: Any, member_id: uuid.UUID, payload: MemberPatch) -> HttpResponse:
    if payload.name is not None:
        members.rename(member_id, payload.name, by=request.member)
    if payload.role is not None:
        members.change_role(member_id, payload.role, by=request.member)
    if payload.active is not None:
        (members.reactivate if payload.active else members.deactivate)(member_id, by=request.member)
    return shown(request, member_id)


@router.delete(
    "/members/{uuid:member_id}",
    summary=_("Take a member out of the workspace"),
    description=_("What they did stays theirs."),
    url_name="member-delete",
    response={204: None},
)
@allow("member:manage")
def delete(request: Any, member_id: uuid.UUID) -> HttpResponse:
    members.deactivate(member_id, by=request.member)
    return no_content()
