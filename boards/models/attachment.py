"""Files and links of a ticket."""

from typing import ClassVar

from django.db import models

from boards.models.board import BoardModel
from boards.models.ticket import Ticket
from tenancy.base import Logged
from tenancy.fields import TenantForeignKey


class Attachment(BoardModel):
    """Either a stored file (`storage_key`) or a link (`url`)."""

    ticket = TenantForeignKey(Ticket, related_name="attachments")
    name = models.CharField(max_length=255)
    size = models.BigIntegerField(default=0, db_default=0)
    content_type = models.CharField(max_length=100, blank=True)
    storage_key = models.CharField(max_length=200, blank=True)
    url = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = TenantForeignKey("tenancy.Membership", at_delete="SET NULL", null=True, related_name="+")

    logged = Logged(subject="ticket_id", hidden=["storage_key"])

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = []

    def __str__(self) -> str:
        return self.name
