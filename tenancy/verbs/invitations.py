"""Links by which people join a workspace."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenancy.context import Actor, tell, tenant_context
from tenancy.errors import Conflict, Forbidden, Invalid, NotFound
from tenancy.identity import Member, digest_of
from tenancy.ids import uuid7
from tenancy.models import Invitation, Membership, Role, Tenant, User
from tenancy.origin import NOWHERE, Origin
from tenancy.verbs.members import add, as_member, lock_workspace, manager, may_give
from tenancy.verbs.users import shown_name

GOOD_FOR = timedelta(days=7)
# An owner is made of a member, not by a link.
INVITABLE = (Role.ADMIN, Role.MEMBER, Role.VIEWER)
NO_MORE = gettext_lazy("This invitation has been used or revoked, or it has expired. Ask for a new one.")


@dataclass(frozen=True)
class Offer:
    """What a link offers to whoever holds it; `email` is the one address it is good for, or ""."""

    id: uuid.UUID
    tenant_id: uuid.UUID
    tenant_slug: str
    tenant_name: str
    role: str
    email: str
    invited_by: str

    def is_for(self, email: str) -> bool:
        return self.email in {"", email}


def invite(role: str, *, email: str = "", claims: uuid.UUID | None = None, by: Member) -> tuple[Invitation, str]:
    """The invitation and its secret, which is shown once. `claims` names the placeholder that the person is."""
    me = manager(by)
    if role not in INVITABLE or not may_give(me.role, role):
        raise Invalid.field("role", _("An invitation cannot give this role."))
    if claims and not placeholders(by.tenant_id).filter(pk=claims).exists():
        raise NotFound
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        tenant_id=by.tenant_id,
        digest=digest_of(secret),
        role=role,
        email=email.strip().lower(),
        claims_id=claims,
        created_by_id=by.id,
        expires_at=timezone.now() + GOOD_FOR,
    )
    return invitation, secret


def revoke(invitation_id: uuid.UUID, *, by: Member) -> None:
    manager(by)
    pending = Invitation.objects.filter(tenant_id=by.tenant_id, pk=invitation_id, accepted_at=None)
    if not pending.exists():
        raise NotFound
    pending.filter(revoked_at=None).update(revoked_at=timezone.now())


def find(secret: str) -> Offer | None:
    """None once it has been used or withdrawn or has expired."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, tenant_id, tenant_slug, tenant_name, role, email, invited_by FROM tenancy_invitation(%s)",
            [digest_of(secret)],
        )
        row = cursor.fetchone()
    return Offer(*row) if row else None


def accept(secret: str, *, by: User, origin: Origin = NOWHERE) -> Member:
    """Raises NotFound for a link that is good no more, Forbidden for another's, Conflict for who is in already."""
    offer = find(secret)
    if offer is None:
        raise NotFound(NO_MORE)
    if not offer.is_for(by.email):
        raise Forbidden(_("This invitation is for another address."))
    with tenant_context(offer.tenant_id, **origin):
        lock_workspace(offer.tenant_id)
        invitation = still_good(offer)
        refuse_who_is_in(offer, by)
        claimed = placeholders(offer.tenant_id).filter(pk__in=[invitation.claims_id]).first()
        joining = claimed.id if claimed else uuid7()
        tell(offer.tenant_id, actor=Actor("user", str(joining)), **origin)
        if claimed:
            membership = claim(claimed, invitation, by)
        else:
            name = shown_name(by)
            membership = add(offer.tenant_id, name=name, role=invitation.role, user=by, id=joining)
        mine = Invitation.objects.filter(tenant_id=offer.tenant_id, pk=offer.id)
        mine.update(accepted_at=timezone.now(), accepted_by=membership)
        return as_member(membership, tenant=Tenant.objects.get(pk=offer.tenant_id), user=by)


def still_good(offer: Offer) -> Invitation:
    """Under the lock: of two who hold the link, one is first."""
    mine = Invitation.objects.filter(tenant_id=offer.tenant_id, pk=offer.id, accepted_at=None, revoked_at=None)
    invitation = mine.filter(expires_at__gt=timezone.now()).first()
    if invitation is None:
        raise NotFound(NO_MORE)
    return invitation


def refuse_who_is_in(offer: Offer, user: User) -> None:
    already = Membership.objects.filter(tenant_id=offer.tenant_id, user=user).first()
    if already and already.is_active:
        raise Conflict(_("You are a member of this workspace already."))
    if already:
        raise Forbidden(_("Your access to this workspace has been removed. Ask an admin to restore it."))


def claim(placeholder: Membership, invitation: Invitation, user: User) -> Membership:
    """What the placeholder is assigned to, said and did is the person's from now on."""
    name = user.name or placeholder.name
    Membership.objects.filter(tenant_id=placeholder.tenant_id, pk=placeholder.pk).update(
        user=user, role=invitation.role, name=name
    )
    return Membership.objects.get(tenant_id=placeholder.tenant_id, pk=placeholder.pk)


def placeholders(tenant_id: uuid.UUID) -> QuerySet[Membership]:
    """Those that nobody has been said to be yet."""
    return Membership.objects.filter(tenant_id=tenant_id, user=None, is_active=True)
