"""A person in a workspace."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.base import Logged, TenantModel


class Role(models.TextChoices):
    """The guide's section 9.2."""

    OWNER = "OWNER", _("Owner")
    ADMIN = "ADMIN", _("Admin")
    MEMBER = "MEMBER", _("Member")
    VIEWER = "VIEWER", _("Viewer")


class Membership(TenantModel):
    """`user` is null for a placeholder: somebody an import brought, until the person is claimed.

    `number` is small and per tenant, so that a board's tickets can name their assignees in a few bytes.
    """

    user = models.ForeignKey("tenancy.User", null=True, on_delete=models.PROTECT, related_name="memberships")
    number = models.IntegerField()
    name = models.CharField(max_length=100)
    role = models.CharField(max_length=6, choices=Role, default=Role.MEMBER)
    is_active = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    logged = Logged(resource="member")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "number"], name="tenancy_membership_number"),
            models.UniqueConstraint(fields=["tenant", "user"], name="tenancy_membership_user"),
        ]

    def __str__(self) -> str:
        return self.name
