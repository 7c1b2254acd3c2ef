"""How far the write-ahead log is safely stored."""

from typing import ClassVar

from django.db import models

from tenancy.base import Logged, TenantModel


class Archive(TenantModel):
    """One row. Everything that was committed before `covered_until` lies in the store; `gap_at` is when that chain last
    began anew, so that an older base backup does not reach the present. `error` is a sentence, "" when it is well."""

    covered_until = models.DateTimeField(null=True)
    lsn = models.CharField(max_length=20, blank=True)
    seen_at = models.DateTimeField()
    gap_at = models.DateTimeField(null=True)
    is_supported = models.BooleanField(default=True, db_default=True)
    error = models.TextField(blank=True)

    logged = Logged(resource="wal_archive", hidden=["covered_until", "lsn", "seen_at"])

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant"], name="backups_archive_one")]

    def __str__(self) -> str:
        return f"{self.lsn} {self.covered_until}"
