"""What was counted: by the minute, and by the day for longer.

Rows of the whole installation belong to the operators' workspace (tenancy.operators); a workspace's own rows belong to
it. All are written by `slo_count` and `slo_roll_up` (migrations/sql/counting.sql) alone. `hist` counts answers by
duration: `edges.EDGES_MS` and one more for what took longer.
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models

from tenancy.base import TenantModel


class SliMinute(TenantModel):
    """`sli` is an objective's name; `synthetic` are those of `valid` that the prober asked. Kept for 35 days."""

    sli = models.CharField(max_length=64)
    minute = models.DateTimeField()
    good = models.BigIntegerField()
    valid = models.BigIntegerField()
    synthetic = models.BigIntegerField()
    sum_ms = models.FloatField()
    hist = ArrayField(models.BigIntegerField(), null=True)

    logged = None  # counts of what happened
    privileges = "SELECT, DELETE"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "sli", "minute"], name="slo_sliminute_once"),
        ]
        # For the roll-up; minutes come in their order. One that is sorted would be taken for what has a better one.
        indexes: ClassVar = [BrinIndex(fields=["minute"], name="slo_sliminute_age", pages_per_range=16)]

    def __str__(self) -> str:
        return f"{self.sli} {self.minute}"


class SliDay(TenantModel):
    """A day in UTC. `planned_*` are those of `good` and `valid` that fell into announced maintenance."""

    sli = models.CharField(max_length=64)
    day = models.DateField()
    good = models.BigIntegerField()
    valid = models.BigIntegerField()
    planned_good = models.BigIntegerField()
    planned_valid = models.BigIntegerField()
    sum_ms = models.FloatField()
    hist = ArrayField(models.BigIntegerField(), null=True)

    logged = None  # counts of what happened
    privileges = "SELECT, DELETE"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "sli", "day"], name="slo_sliday_once"),
        ]

    def __str__(self) -> str:
        return f"{self.sli} {self.day}"


class RouteMinute(TenantModel):
    """What the heat map and the list of slow routes are drawn from."""

    route = models.CharField(max_length=255)
    method = models.CharField(max_length=8)
    minute = models.DateTimeField()
    failed = models.BigIntegerField()
    sum_ms = models.FloatField()
    hist = ArrayField(models.BigIntegerField())

    logged = None  # counts of what happened
    privileges = "SELECT, DELETE"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "minute", "route", "method"], name="slo_routeminute_once"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.route} {self.minute}"
