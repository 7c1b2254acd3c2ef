"""Work that goes through all workspaces, one short transaction each."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from tenancy.context import SYSTEM, tenant_context
from tenancy.models import IdempotentReply

REPLIES_KEPT = timedelta(hours=24)


def all_tenant_ids() -> list[uuid.UUID]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tenancy_all_ids()")
        return [row[0] for row in cursor.fetchall()]


def each_tenant() -> Iterator[uuid.UUID]:
    """Yields inside a transaction that was told the tenant."""
    for tenant_id in all_tenant_ids():
        with tenant_context(tenant_id, actor=SYSTEM):
            yield tenant_id


def forget_old_replies() -> None:
    """After a day a repeated Idempotency-Key is a new request."""
    old = timezone.now() - REPLIES_KEPT
    for tenant_id in each_tenant():
        IdempotentReply.objects.filter(tenant_id=tenant_id, created_at__lt=old).delete()
