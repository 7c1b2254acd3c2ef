"""Forms about people and workspaces."""

from datetime import timedelta
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from tenancy.forms.account import EMAIL, PASSWORD, PASSWORD_HELP
from tenancy.forms.refusable import RefusableForm
from tenancy.models import Role, Tenant, User
from tenancy.models.token import Scope
from tenancy.verbs.invitations import INVITABLE
from tenancy.verbs.members import may_give

REGIONS = {
    "Africa": _("Africa"),
    "America": _("America"),
    "Antarctica": _("Antarctica"),
    "Asia": _("Asia"),
    "Atlantic": _("Atlantic Ocean"),
    "Australia": _("Australia"),
    "Europe": _("Europe"),
    "Indian": _("Indian Ocean"),
    "Pacific": _("Pacific Ocean"),
}
LANGUAGES = (("", _("Same as the browser")), ("en", "English"), ("ko", "한국어"))
TOKEN_LIVES = (("30", _("30 days")), ("90", _("90 days")), ("365", _("1 year")), ("", _("Never")))


class WorkspaceForm(RefusableForm):
    name = forms.CharField(label=_("Name"), max_length=100)
    slug = forms.CharField(
        label=_("Address"),
        max_length=50,
        required=False,
        help_text=_(
            "Part of every link: lowercase letters, digits and hyphens. Leave it empty to have it made from the name."
        ),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"].lower()
        if slug:
            Tenant._meta.get_field("slug").run_validators(slug)
        return slug


class WorkspaceSettingsForm(WorkspaceForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].required = True
        self.fields["slug"].help_text = _(
            "Part of every link. When it changes, links that people have kept stop working."
        )


class SetupForm(WorkspaceForm):
    """The first workspace and its owner."""

    owner = forms.CharField(
        label=_("Your name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(label=EMAIL, max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label=PASSWORD,
        help_text=PASSWORD_HELP,
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    field_order = ("owner", "email", "password", "name", "slug")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the workspace")

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if password := found.get("password"):
            try:
                validate_password(password, User(email=found.get("email", ""), name=found.get("owner", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return found


class InvitationForm(RefusableForm):
    role = forms.ChoiceField(label=_("Role"), initial=Role.MEMBER)
    email = forms.EmailField(
        label=EMAIL,
        required=False,
        max_length=254,
        help_text=_("Optional. With an address the link works for that person only, and is mailed to them."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    claims = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, inviter: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role: Any = self.fields["role"]
        role.choices = [(role.value, role.label) for role in INVITABLE if may_give(inviter, role)]


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=100,
        help_text=_("What it is for, so that you know later which one to revoke."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scope = forms.ChoiceField(label=_("Access"), choices=Scope.choices, initial=Scope.READ)
    life = forms.TypedChoiceField(
        label=_("Expires after"),
        choices=TOKEN_LIVES,
        initial="90",
        required=False,
        coerce=lambda days: timedelta(days=int(days)),
        empty_value=None,
    )


class ProfileForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)
    timezone = forms.ChoiceField(label=_("Time zone"), required=False)
    theme = forms.ChoiceField(label=_("Appearance"), choices=User.Theme.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone: Any = self.fields["timezone"]
        zone.choices = [("", _("Same as the device")), ("UTC", "UTC"), *zones()]


class NameForm(RefusableForm):
    name = forms.CharField(label=_("Name"), max_length=100)


class RoleForm(RefusableForm):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


@cache
def zones() -> tuple[tuple[Any, tuple[tuple[str, str], ...]], ...]:
    """By region: the names people know, without the database's aliases. A city is called what the database calls it."""
    names = sorted(available_timezones())
    return tuple(
        (label, tuple((name, shown(name)) for name in names if name.startswith(f"{region}/")))
        for region, label in REGIONS.items()
    )


def shown(zone: str) -> str:
    return zone.partition("/")[2].replace("_", " ")
