"""What people decide about a budget that is used up. All rows belong to the operators' workspace."""

from typing import ClassVar

from django.db import models

from observability.slo.models.people import by_somebody
from tenancy.base import TenantModel
from tenancy.fields import TenantForeignKey


class Override(TenantModel):
    """Deploy features all the same, until `ends_at`: in force once another operator has approved it."""

    reason = models.TextField()
    ends_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = by_somebody()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = []
        indexes: ClassVar = [models.Index(fields=["tenant", "ends_at"], name="slo_override_latest")]

    def __str__(self) -> str:
        return self.reason


class Approval(TenantModel):
    override = TenantForeignKey(Override, related_name="approvals")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = by_somebody()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "override"], name="slo_approval_once"),
        ]

    def __str__(self) -> str:
        return f"{self.override_id} {self.created_at}"


class BudgetReview(TenantModel):
    """A budget was used up and a ticket was made of it; the next one only after the budget has recovered."""

    objective = models.CharField(max_length=64)
    ticket_id = models.UUIDField()
    created_at = models.DateTimeField(auto_now_add=True)
    recovered_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "objective"],
                condition=models.Q(recovered_at=None),
                name="slo_budgetreview_one_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.objective} {self.created_at}"
