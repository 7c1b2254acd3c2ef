"""The sign-in pages' forms: django-allauth's, with our words (ACCOUNT_FORMS)."""

from typing import Any

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.core import context
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

EMAIL = _("E-mail address")
PASSWORD = _("Password")
NEW_PASSWORD = _("New password")
PASSWORD_HELP = _("At least 10 characters, and none of the common ones.")


def say(form: forms.Form, name: str, label: Any, help_text: Any = "") -> None:
    """allauth writes placeholders and links into its fields; a label and a sentence below serve everybody."""
    field = form.fields[name]
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)


class LoginForm(allauth.LoginForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, "login", EMAIL)
        say(self, "password", PASSWORD)


class SignupForm(allauth.SignupForm):  # type: ignore[misc]
    name = forms.CharField(label=_("Your name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ("name", "email", "password1")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, "email", EMAIL)
        say(self, "password1", PASSWORD, PASSWORD_HELP)

    def clean_email(self) -> str:
        """Usually a mail says that there is an account; where no mail leaves, the invited are told here."""
        email: str = super().clean_email()
        adapter = get_adapter()
        if self.account_already_exists and adapter.is_email_verified(context.request, email):
            raise adapter.validation_error("email_taken")
        return email

    def try_save(self, request: HttpRequest) -> Any:
        """Of two sign-ups with one address at the same moment the second is treated as any later one."""
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)


class ResetPasswordForm(allauth.ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, "email", EMAIL)


class ResetPasswordKeyForm(allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, "password1", NEW_PASSWORD, PASSWORD_HELP)
        del self.fields["password2"]


class ChangePasswordForm(allauth.ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, "oldpassword", _("Current password"))
        say(self, "password1", NEW_PASSWORD, PASSWORD_HELP)
        del self.fields["password2"]
