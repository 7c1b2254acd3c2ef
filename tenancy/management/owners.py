"""What the commands about people share."""

import secrets

from django.core.management import CommandError

from tenancy.context import Actor, tenant_context
from tenancy.errors import Refusal
from tenancy.identity import Member
from tenancy.models import Membership, Tenant, User
from tenancy.verbs import users, workspaces
from tenancy.verbs.members import as_member


def operator(command: str) -> Actor:
    """Who acts in the log when somebody types a command."""
    return Actor("system", f"manage.py {command}")


def find_or_create(email: str, *, password: str = "") -> tuple[User, str]:
    """The user, and the password that was made up for a new one, or ""; one that is there keeps the password it has."""
    if user := User.objects.filter(email=email.strip().lower()).first():
        return user, ""
    made_up = "" if password else secrets.token_urlsafe(12)
    return users.create(email, name=users.name_in(email), password=password or made_up), made_up


def member_named(email: str, workspace: str) -> Member:
    """Raises CommandError with a sentence."""
    tenant_id = workspaces.id_of(workspace)
    if tenant_id is None:
        raise CommandError(f"There is no workspace {workspace!r}: create_workspace makes one.")
    with tenant_context(tenant_id):
        mine = Membership.objects.select_related("user").filter(tenant_id=tenant_id, is_active=True)
        row = mine.filter(user__email=email.strip().lower()).first()
        if row is None or row.user is None:
            raise CommandError(f"{email} is not a member of {workspace!r}.")
        return as_member(row, tenant=Tenant.objects.get(pk=tenant_id), user=row.user)


def sentence(refusal: Refusal) -> CommandError:
    return CommandError(str(refusal.message))
