"""One backup: what was made, or why not. All rows belong to the operators' workspace."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.base import Logged, TenantModel


class Kind(models.TextChoices):
    """A base backup and the log since give any moment; a logical one its own, readable by any PostgreSQL."""

    BASE = "base", _("Base")
    LOGICAL = "logical", _("Logical")
    FILES = "files", _("Files")


class State(models.TextChoices):
    ASKED = "asked", _("Asked for")
    RUNNING = "running", _("Being made")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    PRUNED = "pruned", _("No longer kept")


class Backup(TenantModel):
    """`name` is its folder in the store, `covers` the time it can be restored to at the earliest, `bytes` what it takes
    there, `sha256` the manifest's, which holds those of its parts."""

    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=8, choices=State)
    asked_by = models.ForeignKey("tenancy.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    covers = models.DateTimeField(null=True)
    bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    wal_from = models.CharField(max_length=20, blank=True)
    wal_to = models.CharField(max_length=20, blank=True)
    place = models.CharField(max_length=500, blank=True)
    name = models.CharField(max_length=100, blank=True)
    release = models.CharField(max_length=40, blank=True)
    error = models.TextField(blank=True)

    logged = Logged(resource="backup")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = []
        indexes: ClassVar = [models.Index(fields=["tenant", "started_at"], name="backups_backup_latest")]

    def __str__(self) -> str:
        return self.name or f"{self.kind} {self.started_at}"
