"""What search looks through: one row a ticket, kept by triggers."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from boards.models.board import BoardModel
from boards.models.ticket import Ticket
from tenancy.fields import TenantForeignKey


class SearchDocument(BoardModel):
    """`title` and `body` are folded (NFKC, lower case); `grams` are hashes of (tenant, character pair)."""

    ticket = TenantForeignKey(Ticket, indexed=False, related_name="+")
    title = models.TextField()
    body = models.TextField()
    grams = ArrayField(models.IntegerField())
    updated_at = models.DateTimeField()

    logged = None  # repeats logged rows
    privileges = "SELECT"

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["tenant", "ticket"], name="boards_searchdocument_ticket"),
        ]
        indexes: ClassVar = [GinIndex(fields=["grams"], name="boards_searchdocument_grams")]

    def __str__(self) -> str:
        return self.title
