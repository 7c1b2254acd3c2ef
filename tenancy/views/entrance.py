"""Before one is in a workspace: the way in, the first set-up, one's workspaces."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpResponse
from django.shortcuts import redirect, render

from tenancy import bootstrap
from tenancy.context_processors import workspaces_of
from tenancy.errors import Invalid, NotFound
from tenancy.forms.people import SetupForm, WorkspaceForm
from tenancy.identity import Member
from tenancy.last_workspace import COOKIE
from tenancy.models import Role, User
from tenancy.origin import origin_of
from tenancy.verbs import workspaces


def home(request: Any) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect("tenancy:setup" if bootstrap.is_empty() else settings.LOGIN_URL)
    slugs = [workspace["slug"] for workspace in workspaces_of(request.user.pk)]
    if not slugs:
        return redirect("tenancy:workspaces")
    last = request.COOKIES.get(COOKIE)
    return redirect(f"/{last if last in slugs else slugs[0]}/")


def setup(request: Any) -> HttpResponse:
    """Exists until the first workspace does."""
    if not bootstrap.is_empty():
        raise NotFound
    form = SetupForm(request.POST or None)
    if form.is_valid() and (owner := set_up(request, form)):
        user = User.objects.get(pk=owner.user_id)
        login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
        return redirect(f"/{owner.tenant_slug}/")
    return render(request, "tenancy/setup.html", {"form": form}, status=422 if form.errors else 200)


def set_up(request: Any, form: SetupForm) -> Member | None:
    try:
        return bootstrap.first_workspace(**form.cleaned_data, origin=origin_of(request))
    except Invalid as refusal:
        form.refuse(refusal)
        return None


def index(request: Any) -> HttpResponse:
    mine = [{**workspace, "role_name": Role(workspace["role"]).label} for workspace in workspaces_of(request.user.pk)]
    return render(request, "tenancy/workspaces.html", {"mine": mine})


def new(request: Any) -> HttpResponse:
    form = WorkspaceForm(request.POST or None)
    if form.is_valid():
        try:
            owner = workspaces.create(**form.cleaned_data, by=request.user, origin=origin_of(request))
        except Invalid as refusal:
            form.refuse(refusal)
        else:
            return redirect(f"/{owner.tenant_slug}/")
    return render(request, "tenancy/workspace_new.html", {"form": form}, status=422 if form.errors else 200)
