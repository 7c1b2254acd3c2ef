"""Deploying features on a used-up budget: one operator asks, another one approves, and it ends within a day."""

import uuid
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models.operator import Level, Operator
from observability.slo.models import Approval, Override
from tenancy.context import set_reason
from tenancy.errors import Conflict, Forbidden, Invalid, NotFound
from tenancy.operators import OPERATORS_ID

LONGEST = timedelta(hours=24)
SHORTEST_REASON = 10


def ask(reason: str, ends_at: datetime, *, by: Operator) -> Override:
    """Raises Forbidden, Invalid. Nothing passes yet."""
    require_admin(by)
    said, now = reason.strip(), timezone.now()
    if len(said) < SHORTEST_REASON:
        raise Invalid.field("reason", _("Say why, in a sentence: it stands in the log."))
    if not now < ends_at <= now + LONGEST:
        raise Invalid.field("ends_at", _("An override ends within 24 hours."))
    set_reason(said)
    return Override.objects.create(tenant_id=OPERATORS_ID, reason=said, ends_at=ends_at, created_by_id=by.user_id)


def approve(override_id: uuid.UUID, *, by: Operator) -> None:
    """From now on features pass, until it ends. Raises NotFound, Forbidden (one's own), Conflict (over, or done)."""
    require_admin(by)
    override = locked(override_id)
    if override.created_by_id == by.user_id:
        raise Forbidden(_("Somebody else has to approve it: an override needs two people."))
    if override.withdrawn_at or override.ends_at <= timezone.now():
        raise Conflict(_("This override has ended."))
    if Approval.objects.filter(tenant_id=OPERATORS_ID, override_id=override_id).exists():
        raise Conflict(_("It is approved already."))
    set_reason(override.reason)
    Approval.objects.create(tenant_id=OPERATORS_ID, override_id=override_id, created_by_id=by.user_id)


def withdraw(override_id: uuid.UUID, *, by: Operator) -> None:
    """Any administrator may; a second time changes nothing. Raises NotFound, Forbidden."""
    require_admin(by)
    override = locked(override_id)
    if override.withdrawn_at is None:
        override.withdrawn_at = timezone.now()
        override.save(update_fields=["withdrawn_at"])


def require_admin(by: Operator) -> None:
    if not by.may(Level.ADMIN):
        raise Forbidden(_("Only administrators of the installation may do this."))


def locked(override_id: uuid.UUID) -> Override:
    assert connection.in_atomic_block
    row = Override.objects.select_for_update().filter(tenant_id=OPERATORS_ID, pk=override_id).first()
    if row is None:
        raise NotFound
    return row
