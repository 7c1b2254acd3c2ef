"""The members page and what can be done on it."""

from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tenancy import queries
from tenancy.forms.people import InvitationForm, NameForm, RoleForm
from tenancy.models import Role
from tenancy.verbs import members
from tenancy.verbs.members import may_give
from tenancy.views.answers import attempt, attempt_line


def index(request: Any) -> HttpResponse:
    return page(request, InvitationForm(inviter=request.member.role))


def page(request: Any, form: InvitationForm, *, link: str = "", status: int = 200) -> HttpResponse:
    """`link` is an invitation just made, which is shown this once."""
    may_manage = may_give(request.member.role, Role.ADMIN)
    context = {
        "people": queries.people_of(request.member),
        "invitations": queries.pending_invitations(request.member) if may_manage else [],
        "may_manage": may_manage,
        "form": form,
        "link": link,
    }
    response = render(request, "tenancy/members.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def change_role(request: Any, membership_id: UUID) -> HttpResponse:
    form = RoleForm(request.POST)
    attempt_line(
        request,
        form,
        lambda: members.change_role(membership_id, form.cleaned_data["role"], by=request.member),
        _("Role changed."),
    )
    return redirect("tenancy:members", request.member.tenant_slug)


def rename(request: Any, membership_id: UUID) -> HttpResponse:
    form = NameForm(request.POST)
    attempt_line(
        request,
        form,
        lambda: members.rename(membership_id, form.cleaned_data["name"], by=request.member),
        _("Name changed."),
    )
    return redirect("tenancy:members", request.member.tenant_slug)


def change_access(request: Any, membership_id: UUID) -> HttpResponse:
    """`active=1` gives it back, anything else takes it away."""
    if request.POST.get("active") == "1":
        attempt(request, partial(members.reactivate, membership_id, by=request.member), _("Access restored."))
    else:
        attempt(request, partial(members.deactivate, membership_id, by=request.member), _("Access removed."))
    return redirect("tenancy:members", request.member.tenant_slug)


def leave(request: Any) -> HttpResponse:
    if attempt(request, partial(members.leave, by=request.member), _("You have left the workspace.")):
        return redirect("tenancy:workspaces")
    return redirect("tenancy:members", request.member.tenant_slug)
