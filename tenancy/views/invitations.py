"""Inviting, and being invited."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from tenancy import mail
from tenancy.errors import Invalid, NotSignedIn, Refusal
from tenancy.forms.people import InvitationForm
from tenancy.models import Role
from tenancy.origin import origin_of
from tenancy.verbs import invitations
from tenancy.views import members
from tenancy.views.answers import attempt


def index(request: Any) -> HttpResponse:
    """They are on the members page; sending the form here makes one."""
    if request.method != "POST":
        return redirect(reverse("tenancy:members", args=[request.member.tenant_slug]) + "#invitations")
    form = InvitationForm(request.POST, inviter=request.member.role)
    if form.is_valid():
        try:
            return members.page(request, InvitationForm(inviter=request.member.role), link=invite(request, form))
        except Invalid as refusal:
            form.refuse(refusal)
    return members.page(request, form, status=422)


def invite(request: Any, form: InvitationForm) -> str:
    """The link."""
    invitation, secret = invitations.invite(**form.cleaned_data, by=request.member)
    path = reverse("tenancy:invitation-accept", args=[secret])
    if invitation.email:
        context = {"path": path, "workspace": request.member.tenant_name, "inviter": request.member.name}
        # The server of the mail may be slow or away: neither keeps the invitation from being there.
        transaction.on_commit(lambda: mail.send("tenancy/email/invitation", invitation.email, context))
    return str(request.build_absolute_uri(path))


def revoke(request: Any, invitation_id: UUID) -> HttpResponse:
    attempt(request, lambda: invitations.revoke(invitation_id, by=request.member), _("Invitation revoked."))
    return redirect("tenancy:members", request.member.tenant_slug)


@never_cache
def accept(request: Any, secret: str) -> HttpResponse:
    """The page behind the link; sending its form joins."""
    offer = invitations.find(secret)
    if offer is None:
        return render(request, "tenancy/invitation_gone.html", status=404)
    context: dict[str, Any] = {"offer": offer, "role": Role(offer.role).label}
    if request.method == "POST":
        try:
            return redirect(f"/{join(request, secret)}/")
        except NotSignedIn:
            raise
        except Refusal as refusal:
            context["refusal"] = refusal
    status = context["refusal"].status if "refusal" in context else 200
    return render(request, "tenancy/invitation.html", context, status=status)


def join(request: Any, secret: str) -> str:
    """The address of the workspace."""
    if not request.user.is_authenticated:
        raise NotSignedIn
    return invitations.accept(secret, by=request.user, origin=origin_of(request)).tenant_slug
