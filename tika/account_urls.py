"""Sign-in and what belongs to it: of django-allauth's pages, those we use."""

from allauth.account import views
from django.urls import path, re_path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from audit.access import allow_anonymous, allow_signed_in

urlpatterns = [
    path("login/", allow_anonymous(views.login), name="account_login"),
    path("logout/", allow_anonymous(views.logout), name="account_logout"),
    path("signup/", allow_anonymous(views.signup), name="account_signup"),
    path("inactive/", allow_anonymous(views.account_inactive), name="account_inactive"),
    path("confirm-email/", allow_anonymous(views.email_verification_sent), name="account_email_verification_sent"),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", allow_anonymous(views.confirm_email), name="account_confirm_email"),
    path("password/change/", allow_signed_in(views.password_change), name="account_change_password"),
    path("password/reset/", allow_anonymous(views.password_reset), name="account_reset_password"),
    path("password/reset/done/", allow_anonymous(views.password_reset_done), name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allow_anonymous(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allow_anonymous(views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("language/", allow_anonymous(require_POST(set_language)), name="account_language"),
]
