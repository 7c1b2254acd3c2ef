"""Personal API tokens."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.base import Logged, TenantModel
from tenancy.fields import TenantForeignKey


class Scope(models.TextChoices):
    READ = "read", _("Read")
    WRITE = "write", _("Read and write")


class ApiToken(TenantModel):
    """Bound to one person in one workspace; only the SHA-256 of the secret is stored (32 random bytes need no salt)."""

    membership = TenantForeignKey("tenancy.Membership", at_delete="CASCADE", related_name="tokens")
    name = models.CharField(max_length=100)
    digest = models.BinaryField(max_length=32, unique=True)
    scope = models.CharField(max_length=5, choices=Scope, default=Scope.READ)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    logged = Logged(resource="token", hidden=["digest", "last_used_at"])

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = []

    def __str__(self) -> str:
        return self.name
