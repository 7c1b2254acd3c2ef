"""A logger that says more, or less, for a while."""

from typing import ClassVar

from django.db import models

from tenancy.base import TenantModel


class LogLevel(TenantModel):
    """Always of the operators' workspace; one per logger. In force until `until`, when each process goes back by
    itself; who set what stands in the log."""

    logger = models.CharField(max_length=100)
    level = models.CharField(max_length=5)
    until = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "logger"], name="console_loglevel_logger")]

    def __str__(self) -> str:
        return f"{self.logger}: {self.level} until {self.until:%H:%M}"
