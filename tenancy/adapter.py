"""How django-allauth does things here (ACCOUNT_ADAPTER)."""

import re
from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenancy import mail
from tenancy.language import language_of
from tenancy.models import User
from tenancy.origin import client_ip
from tenancy.verbs import invitations

INVITATION_PATH = re.compile(r"/invitations/([\w-]{43})/")


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": gettext_lazy("This account has been closed."),
        "email_password_mismatch": gettext_lazy("E-mail address and password do not match."),
        "email_taken": gettext_lazy("There is an account with this address already. Sign in instead."),
        "enter_current_password": gettext_lazy("This is not your current password."),
        "invalid_login": gettext_lazy("E-mail address and password do not match."),
        "invalid_password_reset": gettext_lazy("This link has been used or has expired."),
        "too_many_login_attempts": gettext_lazy("Too many attempts. Wait five minutes and try again."),
        "rate_limited": gettext_lazy("Too many requests. Wait a moment."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return settings.SIGNUP_IS_OPEN or invitation_in(request) is not None

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """Without a mail server nobody can be asked: then whoever holds an invitation is taken at their word."""
        if super().is_email_verified(request, email):
            return True
        offer = None if settings.MAIL_LEAVES else invitation_in(request)
        return offer is not None and offer.is_for(email)

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> Any:
        # Sign-up always leaves an address to confirm: without one the account was made by who runs Tika.
        if not EmailAddress.objects.filter(user_id=user.pk).exists():
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        return super().pre_login(request, user, **kwargs)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.name = form.cleaned_data["name"]
        saved: User = super().save_user(request, user, form, commit)
        return saved

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        with translation.override(language_of(context.get("user"))):
            is_sent = mail.send(template_prefix, email, {"email": email, **context})
        if not is_sent:
            messages.error(
                self.request, _("The mail could not be sent. Try again later, or tell whoever runs this Tika.")
            )

    def get_reset_password_from_key_url(self, key: str) -> str:
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return f"{settings.BASE_URL}{path.replace('UID-KEY', quote(key))}"

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return f"{settings.BASE_URL}{reverse('account_confirm_email', args=[emailconfirmation.key])}"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("tenancy:profile")

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_ip(request.META) or "unknown"

    def is_ajax(self, request: HttpRequest) -> bool:
        return False


def invitation_in(request: HttpRequest) -> invitations.Offer | None:
    """The invitation whose page sent the reader to sign up and waits for them (`next`)."""
    match = INVITATION_PATH.fullmatch(request.POST.get("next") or request.GET.get("next", ""))
    return invitations.find(match[1]) if match else None
