"""What happened to the installation at a moment, drawn as a line on the console's charts."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.base import TenantModel


class Mark(TenantModel):
    """A deploy, a flag that was flipped, a level that was changed. Always of the operators' workspace."""

    class Kind(models.TextChoices):
        DEPLOY = "deploy", _("Deploy")
        FLAG = "flag", _("Flag")
        OTHER = "other", _("Other")

    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=100)  # a version, a flag's name
    detail = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = []
        indexes: ClassVar = [models.Index(fields=["tenant", "at"], name="console_mark_latest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
