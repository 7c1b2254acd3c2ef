"""One attempt to restore, for the proof."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from backups.models.backup import Backup
from tenancy.base import Logged, TenantModel
from tenancy.fields import TenantForeignKey


class RestoreDrill(TenantModel):
    """`rto_seconds` from the first byte fetched to a server that takes writes; `rpo_seconds` what would have been lost
    had the original been gone when it began; `checks` are [{"name", "passed", "found"}]."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked for")
        RUNNING = "running", _("Being done")
        PASSED = "passed", _("Passed")
        FAILED = "failed", _("Failed")

    backup = TenantForeignKey(Backup, null=True, at_delete="SET NULL", related_name="drills")
    state = models.CharField(max_length=8, choices=State)
    asked_by = models.ForeignKey("tenancy.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    restored_to = models.DateTimeField(null=True)
    rto_seconds = models.FloatField(null=True)
    rpo_seconds = models.FloatField(null=True)
    checks = models.JSONField(default=list)
    error = models.TextField(blank=True)

    logged = Logged(resource="restore_drill")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = []
        indexes: ClassVar = [models.Index(fields=["tenant", "started_at"], name="backups_drill_latest")]

    def __str__(self) -> str:
        return f"{self.started_at} {self.state}"
