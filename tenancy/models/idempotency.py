"""Answers kept for `Idempotency-Key`, so that a repeated write has one effect."""

from typing import ClassVar

from django.db import models

from tenancy.base import TenantModel


class IdempotentReply(TenantModel):
    """One per actor and key; `fingerprint` is the digest of method, path and body. Kept for 24 hours."""

    actor = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField(max_length=32)
    status = models.SmallIntegerField(null=True)
    etag = models.CharField(max_length=40, blank=True)
    body = models.BinaryField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    logged = None

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "actor", "key"], name="tenancy_idempotentreply_key"),
        ]
        indexes: ClassVar = [models.Index(fields=["created_at"], name="tenancy_idempotentreply_age")]

    def __str__(self) -> str:
        return self.key
