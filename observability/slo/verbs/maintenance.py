"""Being away on purpose: announced a day before, it costs no budget; later, only by a decision that is logged."""

import uuid
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from audit.models.operator import Operator
from observability.slo.models import MaintenanceWindow
from observability.slo.verbs.overrides import SHORTEST_REASON, require_admin
from tenancy.context import set_reason
from tenancy.errors import Conflict, Invalid, NotFound
from tenancy.operators import OPERATORS_ID

LONGEST = timedelta(days=2)


def announce(what: str, starts_at: datetime, ends_at: datetime, *, by: Operator) -> MaintenanceWindow:
    """Raises Invalid. One that begins within a day is shown all the same, and costs budget."""
    if starts_at < timezone.now():
        raise Invalid.field("starts_at", _("This time is over. Maintenance is announced before it begins."))
    if not starts_at < ends_at <= starts_at + LONGEST:
        raise Invalid.field("ends_at", _("Maintenance ends after it begins, and within two days."))
    values = {"what": what, "starts_at": starts_at, "ends_at": ends_at, "created_by_id": by.user_id}
    return MaintenanceWindow.objects.create(tenant_id=OPERATORS_ID, **values)


def cancel(window_id: uuid.UUID, *, by: Operator) -> None:
    """Raises NotFound, Conflict once it has begun: what counted for nothing would count again."""
    window = locked(window_id)
    if window.starts_at <= timezone.now():
        raise Conflict(_("This maintenance has begun."))
    if window.cancelled_at is None:
        window.cancelled_at = timezone.now()
        window.save(update_fields=["cancelled_at"])


def reclassify(window_id: uuid.UUID, reason: str, *, by: Operator) -> None:
    """What failed in it costs no budget after all; the worker's next roll-up works its days out anew.

    Raises NotFound, Forbidden, Invalid, Conflict.
    """
    require_admin(by)
    said, window, now = reason.strip(), locked(window_id), timezone.now()
    if len(said) < SHORTEST_REASON:
        raise Invalid.field("reason", _("Say why, in a sentence: it stands in the log."))
    if window.cancelled_at or window.costs_no_budget:
        raise Conflict(_("This maintenance costs no budget as it is."))
    if not window.may_be_reclassified:
        raise Conflict(_("The minutes of that time are no longer kept."))
    set_reason(said)
    changes = {"reclassified_at": now, "reclassified_by_id": by.user_id, "reclassification_reason": said}
    MaintenanceWindow.objects.filter(tenant_id=OPERATORS_ID, pk=window_id).update(**changes)


def locked(window_id: uuid.UUID) -> MaintenanceWindow:
    row = MaintenanceWindow.objects.select_for_update().filter(tenant_id=OPERATORS_ID, pk=window_id).first()
    if row is None:
        raise NotFound
    return row
