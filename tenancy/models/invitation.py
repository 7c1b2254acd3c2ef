"""A link that lets its holder join a workspace once."""

from typing import ClassVar

from django.db import models

from tenancy.base import Logged, TenantModel
from tenancy.fields import TenantForeignKey
from tenancy.models.membership import Role


class Invitation(TenantModel):
    """Only the digest of the link's secret is stored."""

    digest = models.BinaryField(max_length=32, unique=True)
    role = models.CharField(max_length=6, choices=Role, default=Role.MEMBER)
    email = models.EmailField(blank=True)
    # The placeholder that whoever accepts turns out to be.
    claims = TenantForeignKey("tenancy.Membership", at_delete="SET NULL", null=True, related_name="+")
    created_by = TenantForeignKey("tenancy.Membership", at_delete="CASCADE", related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = TenantForeignKey("tenancy.Membership", at_delete="SET NULL", null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    logged = Logged(hidden=["digest"])

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = []

    def __str__(self) -> str:
        return self.email or str(self.id)
