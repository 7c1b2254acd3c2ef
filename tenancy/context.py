"""Tells PostgreSQL, once per transaction, whose data this is and who acts."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction


@dataclass(frozen=True)
class Actor:
    """Who acts: `type` is user, token, system or import; `id` is the membership's id, or a word for a system."""

    type: str
    id: str

    def __str__(self) -> str:
        return f"{self.type}:{self.id}"


SYSTEM = Actor("system", "tika")
TELL_SQL = (
    "SELECT set_config('app.tenant_id', %s, true), set_config('app.actor', %s, true),"
    " set_config('app.request_id', %s, true), set_config('app.ip', %s, true),"
    " set_config('app.user_agent', %s, true), set_config('app.reason', %s, true)"
)


@contextmanager
def tenant_context(
    tenant_id: uuid.UUID,
    *,
    actor: Actor = SYSTEM,
    request_id: str = "",
    ip: str | None = None,
    user_agent: str = "",
    reason: str = "",
) -> Iterator[None]:
    """One transaction in which PostgreSQL shows and accepts rows of this tenant only."""
    with transaction.atomic():
        tell(tenant_id, actor=actor, request_id=request_id, ip=ip, user_agent=user_agent, reason=reason)
        yield


def tell(
    tenant_id: uuid.UUID,
    *,
    actor: Actor,
    request_id: str = "",
    ip: str | None = None,
    user_agent: str = "",
    reason: str = "",
) -> None:
    """Re-tells within an open transaction; `tenant_context` is the usual door."""
    with connection.cursor() as cursor:
        cursor.execute(TELL_SQL, [str(tenant_id), str(actor), request_id, ip or "", user_agent[:512], reason])


def set_reason(reason: str) -> None:
    """The sentence that stands beside the next changes of this transaction in the log."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.reason', %s, true)", [reason])


@contextmanager
def acting_as(actor: Actor) -> Iterator[None]:
    """Within an open transaction: what is written in the block stands under this actor in the log."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting('app.actor', true), '')")
        (before,) = cursor.fetchone()
        cursor.execute("SELECT set_config('app.actor', %s, true)", [str(actor)])
        yield
        cursor.execute("SELECT set_config('app.actor', %s, true)", [before])
