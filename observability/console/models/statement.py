"""What the database was asked, by the hour, without anything that was asked about."""

from typing import ClassVar

from django.db import models

from tenancy.base import TenantModel


class Statement(TenantModel):
    """`text` is normalised (observability.console.statements): no value of a parameter, no literal."""

    hour = models.DateTimeField()
    digest = models.CharField(max_length=16)
    text = models.TextField()
    calls = models.BigIntegerField()
    total_ms = models.FloatField()
    longest_ms = models.FloatField()

    logged = None  # counts of what happened

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "hour", "digest"], name="console_statement_once"),
        ]

    def __str__(self) -> str:
        return self.text[:80]
