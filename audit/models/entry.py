"""One line of what happened."""

from typing import ClassVar

from django.db import models

from tenancy.ids import uuid7


class Entry(models.Model):
    """The guide's `audit_logs` (section 9.2). Written by the database's triggers, read by everybody else; append-only
    and partitioned by month (`audit/migrations/sql/entry.sql` makes the table).

    `changes` is {"before": {...}, "after": {...}} of the changed columns only; `subject_id` is what the entry is about
    (a comment's ticket); `board_version` orders the entries of a board.
    """

    class Action(models.TextChoices):
        CREATE = "CREATE"
        UPDATE = "UPDATE"
        DELETE = "DELETE"

    id = models.UUIDField(primary_key=True, default=uuid7)
    tenant = models.ForeignKey("tenancy.Tenant", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    at = models.DateTimeField()
    actor_type = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=64)
    action = models.CharField(max_length=6, choices=Action)
    resource = models.CharField(max_length=50)
    resource_id = models.UUIDField()
    subject_id = models.UUIDField(null=True)
    changes = models.JSONField()
    reason = models.TextField(blank=True)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=512, blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    board_id = models.UUIDField(null=True)
    board_version = models.BigIntegerField(null=True)

    class Meta:
        managed = False
        db_table = "audit_entry"
        ordering: ClassVar = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.action} {self.resource} {self.resource_id}"
