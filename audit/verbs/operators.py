"""Who looks after the installation, and as what.

The transaction must have been told the operators' workspace. Each verb locks its row first, so that two of them cannot
both find that "another administrator remains".
"""

import uuid

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models.operator import Level, Operator
from tenancy.errors import Conflict, Forbidden, Invalid, NotFound
from tenancy.models import Membership, Role, User
from tenancy.operators import OPERATORS_ID
from tenancy.verbs import members
from tenancy.verbs.users import shown_name

# So that the operators' own board works for them.
ROLE_OF = {Level.VIEWER: Role.VIEWER, Level.RESPONDER: Role.MEMBER, Level.ADMIN: Role.ADMIN}


def find_person(email: str) -> User:
    """Raises Invalid for an address without an account."""
    if user := User.objects.filter(email=email.strip().lower(), is_active=True).first():
        return user
    raise Invalid.field("email", _("Nobody has an account with this address. Create the account first."))


def grant(user: User, level: str, *, by: Operator | None) -> Operator:
    """A new grant, or another level for who has one. `by` is None for the command line.

    Raises Forbidden for who is no administrator (any more), Conflict for the last one's own level.
    """
    lock(by)
    before = Operator.objects.filter(tenant_id=OPERATORS_ID, user=user).first()
    if before and before.revoked_at is None:
        if before.level == level:
            return before
        keep_an_administrator(before, by)
    values = {"level": level, "granted_by": by.user if by else None, "granted_at": timezone.now(), "revoked_at": None}
    found, _created = Operator.objects.update_or_create(tenant_id=OPERATORS_ID, user=user, defaults=values)
    let_in(user, ROLE_OF[Level(level)])
    return found


def revoke(operator_id: uuid.UUID, *, by: Operator | None) -> None:
    """Console and workspace are closed from the next request on. Raises NotFound, Forbidden, Conflict."""
    lock(by)
    found = Operator.objects.filter(tenant_id=OPERATORS_ID, pk=operator_id, revoked_at=None).first()
    if found is None:
        raise NotFound
    keep_an_administrator(found, by)
    found.revoked_at = timezone.now()
    found.save(update_fields=["revoked_at"])
    for person in Membership.objects.filter(tenant_id=OPERATORS_ID, user_id=found.user_id):
        members.take_out(person)


def lock(by: Operator | None) -> None:
    """`by` as it is under the workspace's lock: the request may have begun before somebody took the grant away."""
    members.lock_workspace(OPERATORS_ID)
    if by is None:
        return
    me = Operator.objects.filter(tenant_id=OPERATORS_ID, pk=by.pk, revoked_at=None).first()
    if me is None or not me.may(Level.ADMIN):
        raise Forbidden


def keep_an_administrator(leaving: Operator, by: Operator | None) -> None:
    """On a page, somebody must remain who can undo it; the command line always can."""
    if by is None or leaving.level != Level.ADMIN:
        return
    others = Operator.objects.filter(tenant_id=OPERATORS_ID, level=Level.ADMIN, revoked_at=None)
    if not others.filter(user__is_active=True).exclude(pk=leaving.pk).exists():
        raise Conflict(_("The console needs an administrator: make someone else one first."))


def let_in(user: User, role: str) -> None:
    mine = Membership.objects.filter(tenant_id=OPERATORS_ID, user=user)
    if not mine.exists():
        members.add(OPERATORS_ID, name=shown_name(user), role=role, user=user)
        return
    mine.exclude(role=role, is_active=True).update(role=role, is_active=True)
