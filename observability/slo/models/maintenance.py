"""When the service is away on purpose."""

from datetime import timedelta
from typing import ClassVar

from django.db import models
from django.utils import timezone

from observability.slo.models.people import by_somebody
from tenancy.base import TenantModel

MINUTES_KEPT = timedelta(days=35)
NOTICE = timedelta(hours=24)  # as slo_planned() has it


class MaintenanceWindow(TenantModel):
    """What fails in it costs no budget where it was announced a day before, or was reclassified since with a reason."""

    what = models.CharField(max_length=200)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    announced_at = models.DateTimeField(auto_now_add=True)
    created_by = by_somebody()
    cancelled_at = models.DateTimeField(null=True)
    reclassified_at = models.DateTimeField(null=True)
    reclassified_by = by_somebody()
    reclassification_reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="slo_maintenancewindow_not_empty"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "starts_at"], name="slo_maintenancewindow_latest")]

    def __str__(self) -> str:
        return self.what

    @property
    def was_announced(self) -> bool:
        return self.announced_at <= self.starts_at - NOTICE

    @property
    def may_be_reclassified(self) -> bool:
        """While its minutes are kept, so that its days can be worked out anew."""
        is_kept = self.starts_at > timezone.now() - MINUTES_KEPT + timedelta(days=1)
        return is_kept and self.cancelled_at is None and not self.costs_no_budget

    @property
    def costs_no_budget(self) -> bool:
        return self.cancelled_at is None and (self.was_announced or self.reclassified_at is not None)
