"""Who may look after the installation itself, at `/ops/`."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.base import Logged, TenantModel


class Level(models.TextChoices):
    """Each may what the one before may."""

    VIEWER = "viewer", _("Viewer")
    RESPONDER = "responder", _("Responder")
    ADMIN = "admin", _("Administrator")


class Operator(TenantModel):
    """A grant, one per person, always of the operators' workspace. Without a membership there it opens nothing.

    `granted_by` is null where it was given on the command line. A grant that was taken back keeps its row; what was
    before stands in the log.
    """

    user = models.ForeignKey("tenancy.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    level = models.CharField(max_length=9, choices=Level)
    granted_by = models.ForeignKey(
        "tenancy.User", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    granted_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    logged = Logged(resource="operator")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "user"], name="audit_operator_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} ({self.level})"

    def may(self, level: str) -> bool:
        return rank_of(self.level) >= rank_of(level)


def rank_of(level: str) -> int:
    """Raises ValueError for a word that is no level."""
    return Level.values.index(level)
