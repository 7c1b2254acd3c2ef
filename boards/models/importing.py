"""An import and what came of it."""

from datetime import timedelta
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenancy.base import Logged, TenantModel
from tenancy.fields import TenantForeignKey
from tenancy.identity import Member

READY_FOR = timedelta(days=7)  # as boards_imports_waiting() has it


class State(models.TextChoices):
    """`Import.WAITING` are those a worker takes up, also after one was killed in the middle of it."""

    UPLOADED = "uploaded", _("Uploaded")
    ANALYSING = "analysing", _("Being read")
    READY = "ready", _("Ready to start")
    STARTED = "started", _("Waiting to run")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAILED = "failed", _("Failed")
    UNDOING = "undoing", _("Being undone")
    UNDONE = "undone", _("Undone")


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, member: Member) -> Self:
        """Who may manage boards sees all of the workspace's imports; the view asks for that."""
        return self.filter(tenant_id=member.tenant_id)


class Import(TenantModel):
    """One file on its way in. `attempt` goes up each time a worker takes it, so that one thought dead cannot finish.

    `report` and `refusal` hold codes and counts (`boards.importers.sentences` makes words of them); `language` and
    `timezone` are the person's, for the few texts and the days that are written into tickets.
    """

    WAITING = (State.UPLOADED, State.ANALYSING, State.STARTED, State.RUNNING, State.UNDOING)

    source = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State, default=State.UPLOADED)
    file_name = models.CharField(max_length=255)
    file_size = models.BigIntegerField(default=0)
    language = models.CharField(max_length=5, default="en")
    timezone = models.CharField(max_length=64, default="UTC")
    report = models.JSONField(default=dict)
    refusal = models.JSONField(default=dict)
    boards = ArrayField(models.UUIDField(), default=list)
    attempt = models.IntegerField(default=0)
    beat_at = models.DateTimeField(null=True)
    progress = models.BigIntegerField(default=0)
    progress_total = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = TenantForeignKey("tenancy.Membership", at_delete="SET NULL", null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    # {"request_id", "traceparent"} of the request that let it go on.
    cause = models.JSONField(default=dict, db_default={})
    undone_by = TenantForeignKey("tenancy.Membership", at_delete="SET NULL", null=True, related_name="+")

    objects = ImportQuerySet.as_manager()
    logged = Logged(hidden=["report", "attempt", "beat_at", "progress", "progress_total", "cause"])

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = []
        indexes: ClassVar = [models.Index(fields=["tenant", "created_at"], name="boards_import_latest")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_waiting(self) -> bool:
        return self.state in self.WAITING

    @property
    def is_expired(self) -> bool:
        """Ready, and never started: its file must not lie about."""
        return self.state == State.READY and self.created_at < timezone.now() - READY_FOR


class ImportedObject(TenantModel):
    """Which row became of what in the source, so that a second run adds nothing and an undo finds everything.

    `scope` is the board's id in its source; people belong to no board there. `object_id` is null for what has no row of
    its own (a move is an entry of the log).
    """

    origin = TenantForeignKey(Import, related_name="+")
    source = models.CharField(max_length=20)
    scope = models.CharField(max_length=64, blank=True)
    kind = models.CharField(max_length=20)
    source_id = models.CharField(max_length=64)
    object_id = models.UUIDField(null=True)

    logged = None  # repeats what the rows themselves say

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "source", "scope", "kind", "source_id"], name="boards_importedobject_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant", "origin", "kind"], name="boards_importedobject_origin")]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.source_id}"
