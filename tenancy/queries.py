"""What the pages about people show."""

from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Lower
from django.db.models.lookups import IsNull
from django.utils import timezone

from tenancy.identity import Member
from tenancy.models import ApiToken, Invitation, Membership, Role
from tenancy.verbs.members import may_give


@dataclass(frozen=True)
class Person:
    """A line of the members page, as `reader` sees it; `roles` are those the reader may give, none if not to touch."""

    membership: Membership
    is_reader: bool
    roles: list[tuple[str, Any]]

    @property
    def is_placeholder(self) -> bool:
        return self.membership.user_id is None


def people_of(reader: Member) -> list[Person]:
    """Who is in first, then placeholders, then who has left. A placeholder put out of sight is somebody else by now."""
    rows = Membership.objects.filter(tenant_id=reader.tenant_id).exclude(user=None, is_active=False)
    rows = rows.select_related("user")
    rows = rows.order_by("-is_active", IsNull(F("user"), True), Lower("name"), "number")
    return [as_person(row, reader) for row in rows]


def as_person(row: Membership, reader: Member) -> Person:
    mine = [(role.value, role.label) for role in Role if may_give(reader.role, role)]
    return Person(row, row.id == reader.id, mine if may_give(reader.role, row.role) else [])


def pending_invitations(reader: Member) -> QuerySet[Invitation]:
    mine = Invitation.objects.filter(tenant_id=reader.tenant_id, accepted_at=None, revoked_at=None)
    return mine.filter(expires_at__gt=timezone.now()).select_related("created_by", "claims").order_by("-created_at")


def tokens_of(reader: Member) -> QuerySet[ApiToken]:
    """One's own, without those withdrawn."""
    mine = ApiToken.objects.filter(tenant_id=reader.tenant_id, membership_id=reader.id, revoked_at=None)
    return mine.order_by("-created_at")
