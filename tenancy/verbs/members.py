"""Who is in a workspace, and as what.

Each verb takes the workspace's row first, so that two of them cannot both find that "another owner remains".
"""

import uuid

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from tenancy.errors import Conflict, Forbidden, NotFound
from tenancy.identity import Member
from tenancy.ids import uuid7
from tenancy.models import Invitation, Membership, Role, Tenant, User

RANK = {Role.VIEWER: 0, Role.MEMBER: 1, Role.ADMIN: 2, Role.OWNER: 3}


def as_member(membership: Membership, *, tenant: Tenant, user: User) -> Member:
    return Member(
        id=membership.id,
        number=membership.number,
        name=membership.name,
        role=membership.role,
        tenant_id=tenant.id,
        tenant_slug=tenant.slug,
        tenant_name=tenant.name,
        user_id=user.id,
        email=user.email,
        language=user.language,
        timezone=user.timezone,
        theme=user.theme,
    )


def add(
    tenant_id: uuid.UUID, *, name: str, role: str = Role.MEMBER, user: User | None = None, id: uuid.UUID | None = None
) -> Membership:
    """The next number is theirs. Without a user it is a placeholder."""
    return Membership.objects.create(
        id=id or uuid7(), tenant_id=tenant_id, user=user, number=take_number(tenant_id), name=name, role=role
    )


def take_number(tenant_id: uuid.UUID) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tenancy_tenant SET member_count = member_count + 1 WHERE id = %s RETURNING member_count",
            [tenant_id],
        )
        number: int = cursor.fetchone()[0]
    return number


def change_role(membership_id: uuid.UUID, role: str, *, by: Member) -> None:
    """Raises Forbidden above one's own rank, Conflict for the last owner."""
    me, person = manage(membership_id, by=by)
    if not may_give(me.role, role):
        raise Forbidden(_("Only an owner can make someone an owner."))
    if role == person.role:
        return
    if person.role == Role.OWNER:
        keep_an_owner(person)
    Membership.objects.filter(tenant_id=by.tenant_id, pk=person.pk).update(role=role)
    if RANK[Role(role)] < RANK[Role.ADMIN]:
        withdraw_invitations_of(person)


def rename(membership_id: uuid.UUID, name: str, *, by: Member) -> None:
    """For this workspace; a person changes their own name in their profile."""
    _me, person = manage(membership_id, by=by)
    Membership.objects.filter(tenant_id=by.tenant_id, pk=person.pk).exclude(name=name).update(name=name)


def deactivate(membership_id: uuid.UUID, *, by: Member) -> None:
    """Their sessions, tokens and streams see nothing of the workspace from now on; what they did stays theirs."""
    _me, person = manage(membership_id, by=by)
    take_out(person)


def reactivate(membership_id: uuid.UUID, *, by: Member) -> None:
    _me, person = manage(membership_id, by=by)
    Membership.objects.filter(tenant_id=by.tenant_id, pk=person.pk, is_active=False).update(is_active=True)


def leave(*, by: Member) -> None:
    """Raises Conflict for the last owner."""
    lock_workspace(by.tenant_id)
    take_out(Membership.objects.get(tenant_id=by.tenant_id, pk=by.id))


def take_out(person: Membership) -> None:
    if person.role == Role.OWNER and person.is_active:
        keep_an_owner(person)
    Membership.objects.filter(tenant_id=person.tenant_id, pk=person.pk, is_active=True).update(is_active=False)
    withdraw_invitations_of(person)


def manage(membership_id: uuid.UUID, *, by: Member) -> tuple[Membership, Membership]:
    """(who manages, who is managed), both as they are under the lock. Raises NotFound, Forbidden."""
    me = manager(by)
    person = Membership.objects.filter(tenant_id=by.tenant_id, pk=membership_id).first()
    if person is None:
        raise NotFound
    if not may_give(me.role, person.role):
        raise Forbidden(_("Only an owner can change an owner."))
    return me, person


def manager(by: Member) -> Membership:
    """`by` as it is under the workspace's lock: the request may have begun before somebody took the role away."""
    lock_workspace(by.tenant_id)
    me = Membership.objects.filter(tenant_id=by.tenant_id, pk=by.id, is_active=True).first()
    if me is None or RANK[Role(me.role)] < RANK[Role.ADMIN]:
        raise Forbidden
    return me


def may_give(own_role: str, role: str) -> bool:
    """Who manages people gives and takes roles up to their own."""
    return RANK[Role.ADMIN] <= RANK[Role(own_role)] >= RANK[Role(role)]


def lock_workspace(tenant_id: uuid.UUID) -> None:
    # NO KEY: rows that refer to the workspace can still be written.
    if not Tenant.objects.select_for_update(no_key=True).filter(pk=tenant_id).values_list("pk"):
        raise NotFound


def keep_an_owner(person: Membership) -> None:
    owners = Membership.objects.filter(tenant_id=person.tenant_id, role=Role.OWNER, is_active=True)
    if not owners.filter(user__is_active=True).exclude(pk=person.pk).exists():
        raise Conflict(_("A workspace needs an owner: make someone else an owner first."))


def withdraw_invitations_of(person: Membership) -> None:
    """The links of somebody who may no longer invite."""
    pending = Invitation.objects.filter(tenant_id=person.tenant_id, created_by=person, accepted_at=None)
    pending.filter(revoked_at=None).update(revoked_at=timezone.now())
