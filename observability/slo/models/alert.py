"""Whether a budget burns too fast, and since when."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenancy.base import Logged, TenantModel


class AlertState(TenantModel):
    """The newest evaluation of one rule: `rule` is a window's name, or "absent" where nothing is heard any more."""

    class State(models.TextChoices):
        QUIET = "quiet", _("Quiet")
        FIRING = "firing", _("Firing")
        NO_DATA = "no_data", _("Insufficient data")

    objective = models.CharField(max_length=64)
    rule = models.CharField(max_length=16)
    severity = models.CharField(max_length=8)
    state = models.CharField(max_length=8, choices=State)
    since = models.DateTimeField()
    burn_long = models.FloatField(null=True)
    burn_short = models.FloatField(null=True)
    bad_long = models.FloatField(default=0)
    evaluated_at = models.DateTimeField()

    logged = Logged(resource="alert_state", hidden=["burn_long", "burn_short", "bad_long", "evaluated_at"])

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "objective", "rule"], name="slo_alertstate_once"),
        ]

    def __str__(self) -> str:
        return f"{self.objective} {self.rule} {self.state}"


class Alert(TenantModel):
    """One time that a rule fired. What is to be done about it reads these rows."""

    objective = models.CharField(max_length=64)
    rule = models.CharField(max_length=16)
    severity = models.CharField(max_length=8)
    burn_long = models.FloatField(null=True)
    burn_short = models.FloatField(null=True)
    fired_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "objective", "rule"],
                condition=models.Q(resolved_at=None),
                name="slo_alert_one_open",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "fired_at"], name="slo_alert_latest")]

    def __str__(self) -> str:
        return f"{self.objective} {self.rule} {self.fired_at}"
