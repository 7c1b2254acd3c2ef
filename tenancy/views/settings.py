"""What one sets: the workspace's, one's own, one's tokens."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tenancy import queries
from tenancy.errors import Invalid
from tenancy.forms.people import ProfileForm, TokenForm, WorkspaceSettingsForm
from tenancy.language import activate_for, set_language_cookie
from tenancy.origin import origin_of
from tenancy.verbs import tokens, users, workspaces
from tenancy.views.answers import attempt


def workspace(request: Any) -> HttpResponse:
    member = request.member
    form = WorkspaceSettingsForm(request.POST or None, initial={"name": member.tenant_name, "slug": member.tenant_slug})
    if form.is_valid():
        try:
            workspaces.change(**form.cleaned_data, by=member)
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("tenancy:workspace-settings", form.cleaned_data["slug"])
    return render(request, "tenancy/workspace_settings.html", {"form": form}, status=422 if form.errors else 200)


def profile(request: Any) -> HttpResponse:
    user = request.user
    shown = {name: getattr(user, name) for name in ("name", "language", "timezone", "theme")}
    form = ProfileForm(request.POST or None, initial=shown)
    if not form.is_valid():
        return render(request, "tenancy/profile.html", {"form": form}, status=422 if form.errors else 200)
    users.update_profile(user, **form.cleaned_data, origin=origin_of(request))
    user.refresh_from_db()
    activate_for(user)
    messages.success(request, _("Saved."))
    response = redirect("tenancy:profile")
    set_language_cookie(response, user.language)
    return response


def own_tokens(request: Any) -> HttpResponse:
    form = TokenForm(request.POST or None)
    if not form.is_valid():
        return token_page(request, form, status=422 if form.errors else 200)
    wanted = form.cleaned_data
    _token, secret = tokens.create(wanted["name"], scope=wanted["scope"], good_for=wanted["life"], by=request.member)
    return token_page(request, TokenForm(), secret=secret)


def token_page(request: Any, form: TokenForm, *, secret: str = "", status: int = 200) -> HttpResponse:
    """`secret` is of a token just made, which is shown this once."""
    context = {"form": form, "secret": secret, "tokens": queries.tokens_of(request.member), "now": timezone.now()}
    response = render(request, "tenancy/tokens.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def revoke_token(request: Any, token_id: UUID) -> HttpResponse:
    attempt(request, lambda: tokens.revoke(token_id, by=request.member), _("Token revoked."))
    return redirect("tenancy:tokens", request.member.tenant_slug)
