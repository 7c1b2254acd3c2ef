"""Who may have which board's stream: the same identity and the same rules as in `web`."""

import uuid
from collections.abc import Mapping

from audit.access import require
from boards.models import Board
from tenancy.context import SYSTEM, TELL_SQL
from tenancy.errors import NotFound
from tenancy.identity import IDENTIFY_SQL, Credentials, Member, identify_parameters, parse_identity
from tika.live.database import Cursor, statement


async def admit(
    cursor: Cursor, who: Credentials, board_id: uuid.UUID, *, origin: Mapping[str, str] | None = None
) -> Member:
    """The reader, who may see the board. Tells the transaction the tenant; raises Refusal.

    `origin` is request_id, ip and user_agent.
    """
    await cursor.execute(IDENTIFY_SQL.encode(), identify_parameters(who, **(origin or {})))
    found, user_id = parse_identity(await cursor.fetchone())
    member = require(found, user_id, "ticket:read")
    await cursor.execute(*statement(Board.objects.visible_to(member).filter(pk=board_id).values_list("id")))
    if await cursor.fetchone() is None:
        raise NotFound
    return member


async def is_there(cursor: Cursor, tenant_id: uuid.UUID, board_id: uuid.UUID) -> bool:
    """Whether the board is there at all, for whomever."""
    await tell(cursor, tenant_id)
    boards = Board.objects.filter(tenant_id=tenant_id, pk=board_id, trashed_at=None)
    await cursor.execute(*statement(boards.values_list("id")))
    return await cursor.fetchone() is not None


async def tell(cursor: Cursor, tenant_id: uuid.UUID) -> None:
    """Tells the transaction its tenant, on behalf of nobody."""
    await cursor.execute(TELL_SQL.encode(), [str(tenant_id), str(SYSTEM), "", "", "", ""])
