"""Pages about people and workspaces, and who may see each."""

from django.urls import path
from django.views.decorators.http import require_POST

from audit.access import allow, allow_anonymous, allow_signed_in
from tenancy.views import entrance, invitations, members, settings

app_name = "tenancy"
manage = allow("member:manage")

urlpatterns = [
    path("", allow_anonymous(entrance.home), name="home"),
    path("setup/", allow_anonymous(entrance.setup), name="setup"),
    path("workspaces/", allow_signed_in(entrance.index), name="workspaces"),
    path("workspaces/new", allow_signed_in(entrance.new), name="workspace-new"),
    path("profile/", allow_signed_in(settings.profile), name="profile"),
    path("invitations/<slug:secret>/", allow_anonymous(invitations.accept), name="invitation-accept"),
    path("<slug:workspace>/members/", allow("member:read")(members.index), name="members"),
    path("<slug:workspace>/members/<uuid:membership_id>/role/", manage(require_POST(members.change_role)), name="role"),
    path("<slug:workspace>/members/<uuid:membership_id>/name/", manage(require_POST(members.rename)), name="name"),
    path(
        "<slug:workspace>/members/<uuid:membership_id>/access/",
        manage(require_POST(members.change_access)),
        name="access",
    ),
    path("<slug:workspace>/departure/", allow("member:read")(require_POST(members.leave)), name="departure"),
    path("<slug:workspace>/invitations/", manage(invitations.index), name="invitations"),
    path(
        "<slug:workspace>/invitations/<uuid:invitation_id>/revocation/",
        manage(require_POST(invitations.revoke)),
        name="invitation-revocation",
    ),
    path("<slug:workspace>/tokens/", allow("token:manage")(settings.own_tokens), name="tokens"),
    path(
        "<slug:workspace>/tokens/<uuid:token_id>/revocation/",
        allow("token:manage")(require_POST(settings.revoke_token)),
        name="token-revocation",
    ),
    path("<slug:workspace>/settings/", allow("settings:manage")(settings.workspace), name="workspace-settings"),
]
