"""Exceptions of all processes that are one and the same fault."""

from typing import ClassVar

from django.db import models

from tenancy.base import TenantModel


class ErrorGroup(TenantModel):
    """Always of the operators' workspace. Written by `console_note_errors`, which keeps the 200 seen last; texts are
    redacted before they leave their process. `route` is the logger's name where no request was served."""

    fingerprint = models.CharField(max_length=64)
    type = models.CharField(max_length=200)
    message = models.TextField()
    traceback = models.TextField()
    route = models.CharField(max_length=200)
    service = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    request_id = models.CharField(max_length=64)  # of the last one
    count = models.BigIntegerField()
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    logged = None
    privileges = "SELECT"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "fingerprint"], name="console_errorgroup_fingerprint")
        ]

    def __str__(self) -> str:
        return f"{self.type}: {self.message}"
