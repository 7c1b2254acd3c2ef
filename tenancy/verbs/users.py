"""People's accounts, which belong to no workspace."""

import re

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tenancy.context import Actor, tell
from tenancy.context_processors import workspaces_of
from tenancy.errors import Invalid
from tenancy.models import Membership, User
from tenancy.origin import NOWHERE, Origin


def create(email: str, *, name: str = "", password: str | None = None) -> User:
    """The address counts as confirmed: somebody who may vouch for it makes this account. Raises Invalid."""
    email = email.strip().lower()
    try:
        validate_email(email)
        with transaction.atomic():
            user = User.objects.create_user(email, password, name=name.strip()[:100])
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    except ValidationError as error:
        raise Invalid.field("email", error.messages[0]) from error
    except IntegrityError as error:
        raise Invalid.field("email", _("There is an account with this address already.")) from error
    return user


def update_profile(
    user: User, *, name: str, language: str, timezone: str, theme: str, origin: Origin = NOWHERE
) -> None:
    """The name goes along into every workspace of the person."""
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(name=name, language=language, timezone=timezone, theme=theme)
        for workspace in workspaces_of(user.pk) if name != user.name else []:
            tell(workspace["id"], actor=Actor("user", str(workspace["member_id"])), **origin)
            mine = Membership.objects.filter(tenant_id=workspace["id"], pk=workspace["member_id"])
            mine.exclude(name=name).update(name=name)


def shown_name(user: User) -> str:
    """What others see."""
    return user.name or name_in(user.email)


def name_in(email: str) -> str:
    """A name for somebody of whom only the address is known: Ann Lee for ann.lee@example.com."""
    words = [word for word in re.split(r"[._+-]+", email.partition("@")[0]) if word]
    return " ".join(word[0].upper() + word[1:] for word in words)[:100] or email[:100]
