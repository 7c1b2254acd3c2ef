"""The processes that are there, each of which says so every few seconds."""

from datetime import timedelta
from typing import ClassVar

from django.db import models

from tenancy.base import TenantModel

# Three times what lies between two signs of life: one may be late.
ALIVE = timedelta(seconds=30)


class Process(TenantModel):
    """`kind` is web, live or worker. `connections` it holds to the database, `busy` of them are in a transaction."""

    kind = models.CharField(max_length=10)
    host = models.CharField(max_length=100)
    pid = models.IntegerField()
    version = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    connections = models.IntegerField()
    busy = models.IntegerField()
    threads = models.IntegerField()
    memory_mb = models.IntegerField(null=True)

    logged = None  # signs of life

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "host", "pid"], name="console_process_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.host}:{self.pid}"
