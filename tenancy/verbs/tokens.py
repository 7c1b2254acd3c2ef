"""Personal tokens for the API."""

import secrets
import uuid
from datetime import timedelta

from django.utils import timezone

from tenancy.errors import NotFound
from tenancy.identity import TOKEN_PREFIX, Member, digest_of
from tenancy.models import ApiToken


def create(name: str, *, scope: str, good_for: timedelta | None, by: Member) -> tuple[ApiToken, str]:
    """The token and its secret, which is shown once and stored nowhere. `good_for=None` never expires."""
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        tenant_id=by.tenant_id,
        membership_id=by.id,
        name=name,
        digest=digest_of(secret),
        scope=scope,
        expires_at=timezone.now() + good_for if good_for else None,
    )
    return token, secret


def revoke(token_id: uuid.UUID, *, by: Member) -> None:
    """One's own; another's does not exist."""
    mine = ApiToken.objects.filter(tenant_id=by.tenant_id, membership_id=by.id, pk=token_id)
    if not mine.exists():
        raise NotFound
    mine.filter(revoked_at=None).update(revoked_at=timezone.now())
